import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  closeFolder,
  encodeName,
  pathInFolder,
  listFolder,
  createInside,
  moveEntry,
  openFolder,
  openInside,
} from '../src/index.ts';

function make() {
  const top = mkdtempSync(join(tmpdir(), 'folder-'));
  for (const path of ['work/app', 'outside']) mkdirSync(join(top, path), { recursive: true });
  writeFileSync(join(top, 'work/app/file'), 'inside');
  writeFileSync(join(top, 'outside/file'), 'outside');
  return top;
}

it('opens a subfolder, and refuses a link or a file in its place', () => {
  const top = make();
  symlinkSync('../outside', join(top, 'work/link'));
  writeFileSync(join(top, 'work/file'), '');
  const work = openFolder(join(top, 'work'));
  const refused = (name: string) => {
    try {
      return openInside(work, name);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  expect(['link', 'file', 'nothing'].map(refused)).toEqual(['LINK', 'FILE', 'ENOENT']);
  expect(() => createInside(work, 'link', 0o700)).toThrow(expect.objectContaining({ code: 'LINK' }) as Error);
  closeFolder(createInside(work, 'new', 0o700));
  expect(
    listFolder(work)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['app', 'file', 'link', 'new']);
  closeFolder(work);
});

it.runIf(process.platform === 'linux')('stays in the opened folder when a link replaces it', () => {
  const top = make();
  const work = openFolder(join(top, 'work'));
  const app = openInside(work, 'app');
  renameSync(join(top, 'work/app'), join(top, 'work/moved'));
  symlinkSync('../outside', join(top, 'work/app'));
  expect(readFileSync(pathInFolder(app, 'file'), 'utf8')).toBe('inside');
  const into = createInside(work, 'into', 0o700);
  moveEntry(app, Buffer.from('file'), into);
  expect(readFileSync(join(top, 'work/into/file'), 'utf8')).toBe('inside');
  expect(existsSync(join(top, 'outside/file'))).toBe(true);
  [into, app, work].forEach(closeFolder);
});

it.runIf(process.getuid?.() === 0)('opens a folder of its own user with any mode', () => {
  const top = make();
  const source = join(import.meta.dirname, '../src/index.ts');
  const code = `const { pathInFolder, listFolder, openFolder, openInside } = await import('${source}');
    const { chmodSync, lstatSync } = await import('node:fs');
    for (const mode of [0, 0o100, 0o400, 0o444, 0o666]) {
      chmodSync('${top}/work/app', mode);
      const app = openInside(openFolder('${top}/work'), 'app');
      for (const { name } of listFolder(app)) console.log(name, lstatSync(pathInFolder(app, name)).size);
    }`;
  execFileSync('chown', ['-R', '65534:65534', top]);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    uid: 65534,
    gid: 65534,
  });
  expect([stdout, stderr]).toEqual(['file 6\n'.repeat(5), '']);
});

it('lists names that are not UTF-8 without changing them', () => {
  const top = make();
  const name = Buffer.from([0x61, 0xff, 0xfe]);
  writeFileSync(Buffer.concat([Buffer.from(`${top}/outside/`), name]), '');
  const outside = openFolder(join(top, 'outside'));
  expect(listFolder(outside).map((entry) => encodeName(entry.name))).toContainEqual(name);
  closeFolder(outside);
});
