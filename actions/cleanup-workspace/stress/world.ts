import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountsBelow, ownerName, ownerOf } from '@runner-actions/host';

/** The folder of a test machine: a runner's `_work`, and entries around it that must stay. */
export interface World {
  folder: string;
  work: string;
  workspace: string;
  /** The uid of the user that runs the clean-up. It owns everything. */
  victim: number;
}

/** Entries that stay in the workspace: `globs` by the input `keep`, `guarded` by the machine's policy. */
export const globs = ['kept', 'half/kept', '.git/config'];
export const guarded = 'guarded/model';

/** The owners of the folders in the trash: a process that has ended, and one that is alive. */
const dead = `${ownerName({ ...ownerOf(process.pid), pid: 2 ** 22 - 1, startTime: 1 })}`;
const alive = ownerName(ownerOf(process.ppid));
export const trashOf = { dead: `${dead}_1b4e28ba`, earlier: `${dead}_6fa459ea`, alive: `${alive}_7d444840` };

const files = [
  'home/.ssh/id_ed25519',
  'home/.ssh/authorized_keys',
  'home/.bashrc',
  'home/.cache/tool/data',
  'home/project/src/main.c',
  'volume/data/of/somebody',
  'volume/file',
  '_work/app/app/src/a.ts',
  '_work/app/app/src/deep/er/b.ts',
  '_work/app/app/.git/config',
  '_work/app/app/.git/index',
  '_work/app/app/build/out/app.js',
  '_work/app/app/..odd',
  '_work/app/app/kept/x',
  '_work/app/app/kept/deep/y',
  '_work/app/app/half/kept/z',
  '_work/app/app/half/gone/w',
  '_work/app/app/guarded/model/weights',
  '_work/app/app/guarded/other',
  '_work/other/other/src/mine',
  '_work/other/other/.git/HEAD',
  '_work/_temp/runner-actions/x.json',
  '_work/_temp/setup.sh',
  '_work/_tool/node/24.0.0/x64/bin/node',
  '_work/_tool/node/24.0.0/x64.complete',
  '_work/_actions/org/action/v1/dist/index.js',
  '_work/_PipelineMapping/octo/app/PipelineFolder.json',
  `_work/.trash/${trashOf.dead}/1/app/app/old/file`,
  `_work/.trash/${trashOf.dead}/1/app/app/guarded/model/of-before`,
  `_work/.trash/${trashOf.earlier}/workspace/src/file`,
  `_work/.trash/${trashOf.alive}/1/other/other/file`,
  '_work/.trash/notes/of/somebody',
];

export function makeWorld(folder: string, victim: number): World {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${file}\n`);
  }
  symlinkSync('kept', join(folder, '_work/app/app/link'));
  mkdirSync(join(folder, '_work/app/app/empty'));
  chownSync(folder, victim, victim);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), victim, victim);
  const work = join(folder, '_work');
  return { folder, work, workspace: join(work, 'app', 'app'), victim };
}

export function removeWorld({ folder }: World): void {
  const mounts = mountsBelow(folder).reverse();
  if (mounts.length > 0) run('umount', ['--lazy', ...mounts]);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    run('chattr', ['-R', '-f', '-i', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command. @returns whether it succeeded: not every machine allows every command */
export function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}
