import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { findEntry, pathFromText, openStore, saveEntry } from '@runner-actions/store';
import type { JobStep } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { packToFile } from '../../src/levels/archive.ts';
import { withTempFolder } from '../../src/levels/temp-folder.ts';
import { user } from '../situations/ordinary-user.ts';
import { cache, build, job, sh, warnings } from '../situations/stage.ts';

const temp = (): string => mkdtempSync(join(tmpdir(), 'temp-'));

it('withTempFolder creates a new folder with mode 0700, and removes it at the end', async () => {
  const runner = temp();
  const folders: string[] = [];
  for (let round = 0; round < 2; round += 1)
    await withTempFolder(runner, async (folder) => {
      folders.push(folder);
      expect(lstatSync(folder).mode & 0o777).toBe(0o700);
      writeFileSync(join(folder, 'file'), '');
      return Promise.resolve();
    });
  expect(new Set(folders).size).toBe(2);
  expect(readdirSync(join(runner, 'runner-actions'))).toEqual([]);
});

it('withTempFolder creates nothing behind a symlink that a job created', async () => {
  const [runner, victim] = [temp(), temp()];
  symlinkSync(victim, join(runner, 'runner-actions'));
  await expect(withTempFolder(runner, () => Promise.resolve())).rejects.toThrow('is a link, not a folder');
  const link = join(temp(), 'link');
  symlinkSync(victim, link);
  await expect(withTempFolder(link, () => Promise.resolve())).rejects.toThrow('is a link, not a folder');
  expect(readdirSync(join(victim)).flatMap((name) => readdirSync(join(victim, name)))).toEqual([]);
});

it.skipIf(process.getuid?.() !== 0)('withTempFolder refuses a folder of another user', async () => {
  const runner = temp();
  mkdirSync(join(runner, 'runner-actions'));
  chownSync(join(runner, 'runner-actions'), user.uid, user.gid);
  await expect(withTempFolder(runner, () => Promise.resolve())).rejects.toThrow('belongs to another user');
});

it('packToFile does not overwrite a file or write through a symlink', async () => {
  const folder = temp();
  const [tree, file, victim] = ['tree', 'pack', 'victim'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(tree, 'x');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, file);
  const store = openStore(join(folder, 'store'));
  const space = { host: '', repositoryId: '', scope: '', version: 'a'.repeat(64) };
  saveEntry(store, space, 'k', [{ path: pathFromText(tree), place: { path: 0, below: '' } }], {
    repository: '',
  });
  const entry = findEntry(store, [space], 'k', []);
  if (entry === undefined) throw new Error('nothing was saved');
  await expect(packToFile(entry, file, { deadline: startDeadline(60_000) })).rejects.toThrow('EEXIST');
  expect(readFileSync(victim, 'utf8')).toBe('mine');
});

it('packs are not written through symlinks that a container created under guessed names', async () => {
  const shared = temp();
  const code = `const fs = require('node:fs');
    const [home, temp] = [process.env.HOME, process.env.RUNNER_TEMP + '/runner-actions/'];
    fs.writeFileSync(home + '/keys', 'mine');
    const pid = Number(/local-cache-(\\d+)/.exec(fs.readdirSync(temp).join())[1]);
    for (let i = pid; i < pid + 400; i += 1) fs.symlinkSync(home + '/keys', temp + 'shared-' + i + '.pack');`;
  const attack: JobStep = { run: [process.execPath, '-e', code] };
  const { directory, post } = await job([cache({ shared }), build, attack]);
  expect(post).toContain('to this machine’s disk and the shared level');
  expect(readFileSync(join(directory, 'home/keys'), 'utf8')).toBe('mine');
});

it('a symlink in the place of the folder is not followed, and the job succeeds', async () => {
  const shared = temp();
  const attack = sh(
    'cd "$RUNNER_TEMP"; mv runner-actions its; mkdir ~/victim; ln -s ~/victim runner-actions',
  );
  const result = await job([cache({ shared }), build, attack, cache({ path: 'more', key: 'k-2' })]);
  expect(result.conclusion).toBe('success');
  const said = warnings(result).join();
  expect(said).toContain('Other steps of this job cannot see what this one caches: ');
  expect(said).toMatch(/Nothing was saved to the shared level .*: .*runner-actions is a link, not a folder/);
  expect(said).not.toContain('an internal error');
  expect(readdirSync(join(result.directory, 'home/victim'))).toEqual([]);
});
