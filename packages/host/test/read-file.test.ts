import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRegularFile } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-'));
const at = (name: string) => join(folder, name);

it('reads a file within its limit', async () => {
  writeFileSync(at('file'), 'four');
  expect(String(await readRegularFile(at('file'), 4))).toBe('four');
  expect(await readRegularFile(at('file'), 3)).toBe('too-large');
});

it('waits for nobody: a pipe, a device and a folder are no files', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  for (const path of [at('pipe'), '/dev/zero', folder])
    expect(await readRegularFile(path, 10), path).toBe('not-a-file');
});

it('follows no link', async () => {
  symlinkSync('/dev/zero', at('link'));
  await expect(readRegularFile(at('link'), 10)).rejects.toMatchObject({ code: 'ELOOP' });
});
