import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const cli = join(import.meta.dirname, '../../src/launcher/cli.ts');

it.each([
  [[], 'main by the bundle'],
  [['--source'], 'main by the source'],
])('launcher command line with options %j runs an action and prints "%s"', (options, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-cli-'));
  for (const [name, from] of [
    ['dist/main.js', "'main by the bundle'"],
    ['src/index.ts', '`${process.argv[2]} by the source`'],
  ] as const) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `console.log(${from});\n`);
  }
  writeFileSync(join(folder, 'action.yml'), 'name: a\nruns: { using: node24, main: dist/main.js }\n');
  const { status, stdout } = spawnSync(process.execPath, [cli, ...options, folder], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringContaining(expected)]);
});
