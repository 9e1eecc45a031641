import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type JobOptions,
  launchJob,
  patchNodeModule,
  preloadModule,
  withMounts,
  withPolicy,
} from '@runner-actions/testing';
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
  it.each(['_work/app', '_work/app/app'])(
    'empties a file system of its own that is mounted at %s',
    (path) => {
      const directory = makeRunner(['inner/precious']);
      const workspace = workspaceOf(directory);
      const fill = `mkdir -p ${workspace}/deep ${workspace}/mounted && touch ${workspace}/deep/file && mount --bind ${directory}/inner ${workspace}/mounted`;
      const [exitCode, mounted, left, outputs] = launchInside(directory, {
        ...{ env: {}, point: join(workspace, 'mounted') },
        before: [
          ['mount', '-t', 'tmpfs', 'none', join(directory, path)],
          ['sh', '-c', fill],
        ],
      });
      expect([exitCode, mounted, left]).toEqual([0, ['precious'], ['mounted']]);
      expect(JSON.parse((outputs as Record<string, string>)['residue'] ?? '')).toEqual([
        { path: join(workspace, 'mounted'), reason: 'another file system is mounted there' },
      ]);
      expect(readFileSync(join(directory, 'inner/precious'), 'utf8')).toBe('inner/precious');
    },
  );

  it('says that /proc is missing, and not that the workspace is', async () => {
    const wrap = withMounts([['-t', 'tmpfs', 'none', '/proc']]) ?? [];
    const { steps, workspace } = await launchJob({ steps: [{ action, with: { when: 'now' } }], wrap });
    expect(steps[0]?.annotations[0]?.message).toMatch(/ is not emptied: \S+: \/proc is not mounted\. /);
    expect(existsSync(workspace)).toBe(true);
  });

  it.each(['_work/app', '_work/app/app'])(
    'does not empty a folder of somebody that is mounted at %s',
    (path) => {
      const directory = makeRunner(['home/app/file', '_work/other/other/src']);
      for (const from of ['home', '.', '_work/other']) {
        // The bind mount has the same file system and the same user. Only the mount id differs.
        mkdirSync(join(directory, from, 'app'), { recursive: true });
        const wrap = withMounts([['--bind', join(directory, from), join(directory, path)]]);
        const { steps } = launchAsUser({ steps: [{ action, with: { when: 'now' } }], directory }, wrap);
        expect(steps[0]?.exitCode).toBe(1);
        expect(steps[0]?.annotations[0]?.message).toMatch(
          /is not emptied: (?:a mount shows \S+ there|\S+ lies in it)/,
        );
      }
      expect(readdirSync(join(directory, 'home')).sort()).toEqual(['app', 'x']);
      expect(readdirSync(join(directory, 'home/app'))).toEqual(['file']);
    },
  );

  it('keeps an entry at the bottom of a tree that is deeper than the number of files it may open', () => {
    const directory = makeRunner([]);
    const deep = `process.chdir('${workspaceOf(directory)}'); const fs = require('node:fs');
      for (let depth = 0; depth < 1600; depth++) { fs.mkdirSync('d'); fs.writeFileSync('gone', ''); process.chdir('d'); }
      fs.writeFileSync('bottom', '');`;
    const options = { steps: [{ action, with: { when: 'now' as const, keep: '**/bottom' } }], directory };
    const launched = launchInside(directory, {
      ...{ env: {}, point: join(directory, 'none'), limit: 1024, options },
      before: [
        ['mount', '-t', 'tmpfs', 'none', workspaceOf(directory)],
        [process.execPath, '-e', deep],
      ],
    });
    expect(launched).toMatchObject([0, 'nothing', ['d'], { removed: '1600', residue: '[]' }]);
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

describe.skipIf(reason !== '' || !existsSync('/dev/fuse'))(
  `cleanup-workspace and a file system that never answers${reason || (existsSync('/dev/fuse') ? '' : ' (skipped: no /dev/fuse)')}`,
  () => {
    it('asks nothing of it and removes the rest', () => {
      const dead = ['top', 'tree/in', 'half/in'];
      const directory = makeRunner([
        ...dead.map((name) => `_work/app/app/${name}/x`),
        '_work/app/app/tree/gone/x',
        '_work/app/app/half/kept',
        'nfs/home/x',
      ]);
      const steps = [{ action, with: { when: 'now' as const, keep: 'half/kept' } }];
      const [exitCode, , left, outputs] = launchInside(directory, {
        ...{ env: { HOME: join(directory, 'nfs/home') }, point: join(directory, 'none') },
        options: { steps, directory },
        dead: [...dead.map((name) => join(workspaceOf(directory), name)), join(directory, 'nfs')],
        listing: 'echo * half/* tree/*',
      });
      expect([exitCode, left]).toEqual([0, ['half top tree half/in half/kept tree/in']]);
      const residue = JSON.parse((outputs as Record<string, string>)['residue'] ?? '') as { path: string }[];
      expect(residue.map(({ path }) => path.slice(workspaceOf(directory).length + 1)).sort()).toEqual(
        [...dead].sort(),
      );
    });

    it('asks nothing of a .git that leads to it, neither before nor after the job', () => {
      const directory = makeRunner(['nfs/x']);
      const [exitCode] = launchInside(directory, {
        ...{ env: {}, point: join(directory, 'none') },
        options: { steps: [{ action, with: { keep: '.git' } }], directory },
        dead: [join(directory, 'nfs')],
        before: [['ln', '-s', join(directory, 'nfs/x'), join(workspaceOf(directory), '.git')]],
        listing: 'echo .git*',
      });
      expect(exitCode).toBe(0);
    });
  },
);

interface Inside {
  env: Record<string, string>;
  point: string;
  /** Commands to run before the job. */
  before?: string[][];
  options?: JobOptions;
  /** Where to mount file systems that never answer: no process serves them. */
  dead?: string[];
  /** Number of files that a process of the job may open. */
  limit?: number;
  /** Command that lists the workspace after the job. Default: the names of its entries. */
  listing?: string;
}

/**
 * Runs a job completely in a new mount namespace, as root, because only root may mount.
 * @returns the exit code, the entries at the mount point after the job, the entries of the workspace, and the outputs
 */
function launchInside(
  directory: string,
  { env, point, dead = [], before = [], limit, listing = 'ls', ...more }: Inside,
): unknown[] {
  const options = { steps: [{ action, with: { when: 'now' } }], directory, env, ...more.options };
  const script = `import { openSync, readdirSync } from 'node:fs'; import { spawnSync } from 'node:child_process';
    for (const path of ${JSON.stringify(dead)}) {
      const stdio = ['ignore', 'inherit', 'inherit', openSync('/dev/fuse', 'r+')];
      const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
      spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'dead', path], { stdio });
    }
    for (const [command, ...args] of ${JSON.stringify(before)}) spawnSync(command, args);
    const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
    const { steps, workspace } = await launchJob(${JSON.stringify(options)});
    const mounted = spawnSync('mountpoint', ['-q', '${point}']).status === 0 ? readdirSync('${point}') : 'nothing';
    const { stdout } = spawnSync('sh', ['-c', ${JSON.stringify(listing)}], { cwd: workspace, encoding: 'utf8' });
    const left = stdout.split('\\n').filter((line) => line !== '');
    console.log(JSON.stringify([steps[0].exitCode, mounted, left, steps[0].outputs]));`;
  const run = ['sh', '-c', `ulimit -n ${limit ?? 'hard'} && exec "$@"`, 'sh'];
  const args = [
    '--mount',
    ...(limit === undefined ? [] : run),
    process.execPath,
    '--input-type=module',
    '-e',
    script,
  ];
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
