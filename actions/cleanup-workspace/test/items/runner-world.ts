import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import type { Ground } from '../../src/items/ground.ts';
import type { PathItem } from '../../src/items/path-item.ts';

export const day = 86_400_000;
export const deadline = () => startDeadline(60_000);

/** A process of a stub machine. */
export interface StubProcess {
  pid: number;
  command: string;
  user?: number;
  /** Links such as `exe` and `cwd`; `unreadable` if the process belongs to another user. */
  links?: Record<string, string> | 'unreadable';
}

/** Creates a runner with a stub machine on which its worker is the parent of this process. */
export function makeMachine(files: readonly string[], processes: (root: string) => StubProcess[] = () => []) {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'runner-')));
  const root = join(top, 'runner');
  const work = join(root, '_work');
  const make = (path: string, text = path): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  make('.runner', `\uFEFF${JSON.stringify({ workFolder: '_work' })}`);
  for (const path of ['_work/app/app/file', '_work/_temp/_github_workflow/event.json', ...files]) make(path);
  const worker = { pid: process.ppid, command: `${root}/bin/Runner.Worker spawnclient 1 2`, links: {} };
  const kernelRoot = mkdtempSync(join(tmpdir(), 'kernel-'));
  for (const stub of [{ pid: 1, command: 'init', links: {} }, worker, ...processes(root)])
    makeProcess(kernelRoot, stub);
  const write = (path: string, text: string) => writeFileSync(join(kernelRoot, path), text);
  mkdirSync(join(kernelRoot, 'proc/self/ns'), { recursive: true });
  write('proc/self/mountinfo', '22 1 8:1 / / rw - ext4 /dev/sda rw\n');
  write('proc/uptime', '1000.00 1.00\n');
  const ground: Ground = {
    folders: {
      work,
      root,
      temp: join(work, '_temp'),
      tools: join(work, '_tool'),
      actions: join(work, '_actions'),
    },
    repository: 'app',
    protect: [],
    maxAge: 14 * day,
    // A ctime cannot be set, so the clock of a test is ahead.
    now: Date.now() + 100 * day,
    jobStart: Date.now() + 99 * day,
    enough: () => Promise.resolve(false),
    kernel: { root: kernelRoot, platform: 'linux' },
  };
  return { top, root, work, ground, make };
}

function makeProcess(kernelRoot: string, { pid, command, user = 1001, links = {} }: StubProcess): void {
  const folder = join(kernelRoot, 'proc', String(pid));
  mkdirSync(folder, { recursive: true });
  // The start is far in the future of the machine's uptime of 1,000 s, so the event file tells when the job began.
  writeFileSync(join(folder, 'stat'), `${pid} (x) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99000 1 1`);
  writeFileSync(join(folder, 'status'), `Uid:\t${user}\t${user}\n`);
  writeFileSync(join(folder, 'cmdline'), command.replaceAll(' ', '\0'));
  if (links === 'unreadable') return symlinkLoop(folder);
  mkdirSync(join(folder, 'fd'));
  for (const [name, target] of Object.entries({ exe: '/usr/bin/x', cwd: '/', root: '/', ...links }))
    symlinkSync(target, join(folder, name));
}

/** A call on a link through a file fails, as a call on an unreadable process does. */
function symlinkLoop(folder: string): void {
  writeFileSync(join(folder, 'exe'), '');
}

/** Sets old modification times. The ctime stays new. */
export function makeOld(path: string): void {
  utimesSync(path, 1000, 1000);
}

/** Returns the plan of an item as `action what`, with paths relative to the runner's folder. */
export async function planOf(item: PathItem, root: string): Promise<string[]> {
  const steps = await item.plan(deadline());
  return steps.map(({ action, what }) => `${action} ${what.slice(root.length + 1)}`);
}

/** Plans and executes. */
export async function runItem(item: PathItem) {
  return item.execute(await item.plan(deadline()), deadline());
}
