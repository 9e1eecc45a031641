import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFileWithin, readRegularFile } from '../src/index.ts';

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

describe('readFileWithin', () => {
  const top = mkdtempSync(join(tmpdir(), 'within-'));
  mkdirSync(join(top, 'sub'));
  writeFileSync(join(top, 'sub/file'), 'inside');
  writeFileSync(at('secret'), 'outside');
  const links = { 'to-file': 'sub/file', 'to-folder': 'sub', out: at('secret'), up: '..', dead: 'nothing' };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(top, name));
  symlinkSync(folder, join(top, 'sub/away'));

  it.each(['sub/file', 'to-file', 'to-folder/file'])('follows links that end inside: %s', async (path) => {
    expect(String(await readFileWithin(top, path, 10))).toBe('inside');
  });

  it.each(['out', `up/${basename(folder)}/secret`, 'sub/away/secret', `../${basename(folder)}/secret`])(
    'follows none that leads out: %s',
    async (path) => expect(await readFileWithin(top, path, 10)).toBe('outside'),
  );

  it('says what is no file, and what is not there', async () => {
    execFileSync('mkfifo', [join(top, 'pipe')]);
    for (const path of ['sub', 'pipe']) expect(await readFileWithin(top, path, 10)).toBe('not-a-file');
    expect(await readFileWithin(top, 'sub/file', 3)).toBe('too-large');
    await expect(readFileWithin(top, 'dead', 10)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('takes the start of a file that is too large, where that is asked for', async () => {
  writeFileSync(at('long'), 'longer');
  expect(String(await readRegularFile(at('long'), 4, 'cut'))).toBe('long');
});
