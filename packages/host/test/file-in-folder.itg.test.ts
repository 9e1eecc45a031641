import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  closeFolder,
  type Folder,
  openFolder,
  readInside,
  replaceInside,
  stateInside,
  unlinkInside,
} from '../src/index.ts';

let folder: Folder;
const path = (name: string) => join(folder.path, name);

beforeEach(() => {
  folder = openFolder(mkdtempSync(join(tmpdir(), 'file-in-folder-')));
  writeFileSync(path('file'), 'old');
});
afterEach(() => {
  closeFolder(folder);
});

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

it('reads a regular file up to a limit, and no link, folder or pipe', () => {
  const { bytes, state } = readInside(folder, 'file', 3);
  expect([bytes.toString(), state.kind, state.bytes]).toEqual(['old', 'file', 3]);
  symlinkSync('file', path('link'));
  spawnSync('mkfifo', [path('pipe')]);
  const codes = ['file', 'link', '.', 'missing', ...(process.platform === 'win32' ? [] : ['pipe'])].map(
    (name) => codeOf(() => readInside(folder, name, 2)),
  );
  expect(codes).toEqual(['EFBIG', 'LINK', 'NO_FILE', 'ENOENT', 'NO_FILE'].slice(0, codes.length));
});

it('replaces a file with the same mode, and leaves no other file', () => {
  chmodSync(path('file'), 0o640);
  writeFileSync(path('beside'), 'left by a killed process');
  replaceInside(folder, 'file', stateInside(folder, 'file').id, Buffer.from('new'), 'beside');
  expect(readFileSync(path('file'), 'utf8')).toBe('new');
  expect(lstatSync(path('file')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder.path)).toEqual(['file']);
});

it.runIf(process.getuid?.() === 0)('keeps the owner of a file that root replaces', () => {
  spawnSync('chown', ['65534:65534', path('file')]);
  replaceInside(folder, 'file', stateInside(folder, 'file').id, Buffer.from('new'), 'beside');
  expect([lstatSync(path('file')).uid, lstatSync(path('file')).gid]).toEqual([65534, 65534]);
});

it('neither replaces nor removes a file that is not the expected one any more', () => {
  const { id } = stateInside(folder, 'file');
  writeFileSync(path('file'), 'changed');
  expect(codeOf(() => replaceInside(folder, 'file', id, Buffer.from('new'), 'beside'))).toBe('CHANGED');
  expect(codeOf(() => unlinkInside(folder, 'file', id))).toBe('CHANGED');
  expect(readFileSync(path('file'), 'utf8')).toBe('changed');
  expect(readdirSync(folder.path)).toEqual(['file']);
});

it('removes a link, not what it leads to, also from a folder without the permission to write', () => {
  symlinkSync('file', path('link'));
  chmodSync(folder.path, 0o555);
  unlinkInside(folder, 'link', stateInside(folder, 'link').id);
  expect(readdirSync(folder.path)).toEqual(['file']);
});

it('does not write through a link in the place of the new file', () => {
  writeFileSync(path('target'), 'safe');
  symlinkSync('target', path('beside'));
  replaceInside(folder, 'file', stateInside(folder, 'file').id, Buffer.from('new'), 'beside');
  expect([readFileSync(path('target'), 'utf8'), readFileSync(path('file'), 'utf8')]).toEqual(['safe', 'new']);
  expect(existsSync(path('beside'))).toBe(false);
});
