import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const helper = resolve(import.meta.dirname, '../dist/directory-helper/index.js');

it('what a helper left that was killed in the middle of a copy is removed after a day', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-'));
  const name = 'repository/scope/version/k.pack';
  const place = dirname(join(folder, name));
  mkdirSync(place, { recursive: true });
  for (const draft of ['.draft-old', '.draft-new']) writeFileSync(join(place, draft), 'half a pa');
  const before = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(place, '.draft-old'), before, before);
  const file = join(folder, 'file');
  writeFileSync(file, 'a pack');
  const request = JSON.stringify({ act: 'put', folder, name, file });
  const { stdout } = spawnSync(process.execPath, [helper, request], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual({ ok: true, result: 'saved' });
  expect(readdirSync(place).sort()).toEqual(['.draft-new', 'k.pack']);
});
