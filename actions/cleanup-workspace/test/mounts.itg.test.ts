import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { patchNodeModule, preloadModule, withMounts, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, launchAsUser, makeOld, makeRunner, reason as notRoot } from './as-user.ts';

const reason = notRoot || withMounts([]) ? notRoot : ' (skipped: this machine allows no mount namespaces)';
const workspaceOf = (directory: string) => join(directory, '_work/app/app');

/** Creates a volume with a file of another user, to be mounted. */
function makeVolume(): { volume: string; content: () => string } {
  const volume = mkdtempSync(join(tmpdir(), 'volume-'));
  mkdirSync(join(volume, 'data'), { mode: 0o777 });
  writeFileSync(join(volume, 'data/file'), 'of somebody');
  return { volume: join(volume, 'data'), content: () => readFileSync(join(volume, 'data/file'), 'utf8') };
}

describe.skipIf(reason !== '')(`cleanup-workspace and mounts${reason}`, () => {
  it.each(['_work/app', '_work/app/app'])('does not empty a file system that is mounted at %s', (path) => {
    const directory = makeRunner([`home/app/file`, 'home/file']);
    // The bind mount has the same file system and the same user. Only the mount id differs.
    const wrap = withMounts([['--bind', join(directory, 'home'), join(directory, path)]]);
    const { steps } = launchAsUser({ steps: [{ action, with: { when: 'now' } }], directory }, wrap);
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations[0]?.message).toMatch(/is not emptied: .*another file system is mounted/);
    expect(readdirSync(join(directory, 'home')).sort()).toEqual(['app', 'file', 'x']);
    expect(readdirSync(join(directory, 'home/app'))).toEqual(['file']);
  });

  it('leaves a mount in place that appears while its folder is being moved', () => {
    const directory = makeRunner(['_work/app/app/tree/in/x']);
    const { volume, content } = makeVolume();
    const point = join(workspaceOf(directory), 'tree/in');
    const comes = patchNodeModule('node:fs', mountOnRename(volume, point));
    const [exitCode, mounted, left] = launchInside(directory, { env: comes, point });
    expect([exitCode, mounted, left]).toEqual([0, ['file'], ['tree']]);
    expect(content()).toBe('of somebody');
  });

  it('does not enter a mount in the workspace on systems where directories cannot be held open', () => {
    const directory = makeRunner(['_work/app/app/tree/in/x', '_work/app/app/gone/x']);
    const { volume, content } = makeVolume();
    const point = join(workspaceOf(directory), 'tree/in');
    // Without Linux a mount is recognized by its device number.
    const disk = ['mount', '-t', 'tmpfs', 'none', point];
    const asOnMac = preloadModule(`Object.defineProperty(process, 'platform', { value: 'darwin' })`);
    const before = [disk, ['cp', join(volume, 'file'), point]];
    const [exitCode, mounted, left] = launchInside(directory, { env: asOnMac, point, before });
    expect([exitCode, mounted, left]).toEqual([0, ['file'], ['tree']]);
    expect(content()).toBe('of somebody');
  });
});

interface Inside {
  env: Record<string, string>;
  point: string;
  /** Commands to run before the job. */
  before?: string[][];
}

/**
 * Runs a job completely in a new mount namespace, as root, because only root may mount.
 * @returns the exit code, the entries at the mount point after the job, and the entries of the workspace
 */
function launchInside(directory: string, { env, point, before = [] }: Inside): unknown[] {
  const options = { steps: [{ action, with: { when: 'now' } }], directory, env };
  const script = `import { readdirSync } from 'node:fs'; import { spawnSync } from 'node:child_process';
    for (const [command, ...args] of ${JSON.stringify(before)}) spawnSync(command, args);
    const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
    const { steps, workspace } = await launchJob(${JSON.stringify(options)});
    const mounted = spawnSync('mountpoint', ['-q', '${point}']).status === 0 ? readdirSync('${point}') : 'nothing';
    console.log(JSON.stringify([steps[0].exitCode, mounted, readdirSync(workspace)]));`;
  const args = ['--mount', process.execPath, '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

/** Mounts a volume after the last check and before the rename. */
const mountOnRename = (volume: string, point: string): string => `
  const { renameSync } = module;
  let isFirst = true;
  module.renameSync = (from, to) => {
    if (isFirst && String(from).endsWith('/tree')) {
      isFirst = false;
      process.getBuiltinModule('node:child_process').spawnSync('mount', ['--bind', '${volume}', '${point}']);
    }
    return renameSync(from, to);
  };`;

describe.skipIf(reason !== '')(
  `cleanup-workspace and protected paths of the machine’s policy${reason}`,
  () => {
    it('keeps protected paths in the workspace next to a folder of root, and in the trash', () => {
      const trash = '_work/.trash';
      const folder = '4194303_1___-_0b6a1c9e';
      const stays = [
        '_work/app/app/models/big',
        `${trash}/${folder}/1/app/app/models/big`,
        `${trash}/${folder}0/workspace/models/big`,
        `${trash}/${folder}1/1/other/other/data/x`,
      ];
      const directory = makeRunner([
        ...stays,
        `${trash}/${folder}/1/app/app/gone`,
        '!_work/app/app/root/file',
      ]);
      for (const end of ['', '0', '1']) makeOld(join(directory, trash, folder + end));
      const protect = [join(workspaceOf(directory), 'models'), join(directory, trash, `${folder}1`)];
      const wrap = withPolicy(`cleanup: { protect: ${JSON.stringify(protect)} }\n`);
      for (let run = 1; run <= 2; run += 1) {
        launchAsUser({ steps: [{ action, with: { when: 'now' } }], directory }, wrap);
        for (const file of stays) expect(readFileSync(join(directory, file), 'utf8')).toBe(file);
      }
      expect(readdirSync(join(directory, trash, folder, '1/app/app'))).toEqual(['models']);
    });
  },
);
