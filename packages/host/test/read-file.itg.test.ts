import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFileWithin, readRegularFile } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-'));
const at = (name: string) => join(folder, name);

it('reads a file up to the limit, and refuses a larger one', async () => {
  writeFileSync(at('file'), 'four');
  expect(String(await readRegularFile(at('file'), 4))).toBe('four');
  expect(await readRegularFile(at('file'), 3)).toBe('too-large');
});

it('refuses a pipe, a device and a folder, without waiting', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  for (const path of [at('pipe'), '/dev/zero', folder])
    expect(await readRegularFile(path, 10), path).toBe('not-a-file');
});

it('does not follow a link', async () => {
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

  it.each(['sub/file', 'to-file', 'to-folder/file'])(
    'follows links that stay in the folder: %s',
    async (path) => {
      expect(String(await readFileWithin(top, path, 10))).toBe('inside');
    },
  );

  it.each(['out', `up/${basename(folder)}/secret`, 'sub/away/secret', `../${basename(folder)}/secret`])(
    'does not read a path that leads out of the folder: %s',
    async (path) => expect(await readFileWithin(top, path, 10)).toBe('outside'),
  );

  it('reads nothing in a closed folder, neither by its name nor through a link', async () => {
    mkdirSync(join(top, 'sub/.GIT'));
    writeFileSync(join(top, 'sub/.GIT/config'), 'token');
    symlinkSync('sub/.GIT/config', join(top, 'to-config'));
    symlinkSync('sub/.GIT', join(top, 'to-git'));
    for (const path of ['sub/.GIT/config', 'to-config', 'to-git/config']) {
      expect(await readFileWithin(top, path, 10, '.git')).toBe('outside');
      expect(String(await readFileWithin(top, path, 10))).toBe('token');
    }
    expect(String(await readFileWithin(top, 'sub/file', 10, '.git'))).toBe('inside');
  });

  it('reports a path that is not a file, is too large or does not exist', async () => {
    execFileSync('mkfifo', [join(top, 'pipe')]);
    for (const path of ['sub', 'pipe']) expect(await readFileWithin(top, path, 10)).toBe('not-a-file');
    expect(await readFileWithin(top, 'sub/file', 3)).toBe('too-large');
    await expect(readFileWithin(top, 'dead', 10)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('reads the start of a file above the limit, with the option cut', async () => {
  writeFileSync(at('long'), 'longer');
  expect(String(await readRegularFile(at('long'), 4, 'cut'))).toBe('long');
});
