import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isUnknown, type MaybeUnknown } from './maybe-unknown.ts';
import type { Kernel } from './kernel-files.ts';
import { type HostProcess, listProcesses, readProcess } from './processes.ts';
import { isInside, type RunnerFolders } from './runner-folders.ts';
import { localPathOf } from './local-path.ts';
import { neighboursOf } from './neighbours.ts';
import { readRunnerFile } from './runner-label.ts';

/** A process of a runner: the listener, which waits for jobs, or the worker of one job. */
export interface RunnerProcess {
  pid: number;
  user: number;
  kind: 'Listener' | 'Worker';
  /** The folder where the runner is installed; `undefined` if its command line does not say it. */
  root: string | undefined;
}

/**
 * Finds the processes of runners by the program in their command lines, which each user may read. Another process may
 * name a runner in its arguments.
 */
export function runnerProcesses(
  processes: readonly Pick<HostProcess, 'pid' | 'user' | 'program'>[],
): RunnerProcess[] {
  return processes.flatMap(({ pid, user, program }) => {
    const [, path = '', kind] = /^(.*\/)?Runner\.(Listener|Worker)$/s.exec(program) ?? [];
    if (kind !== 'Listener' && kind !== 'Worker') return [];
    const root = /^(\/.*)\/bin(?:\.[\w.-]+)?\/$/.exec(path)?.[1];
    return [{ pid, user, kind, root: root === undefined ? undefined : resolve(root) }];
  });
}

/** Returns the pid of the runner's worker that this process descends from; `undefined` outside of a job. */
export function workerAbove(kernel: Kernel = {}): number | undefined {
  let process = readProcess(globalThis.process.ppid, kernel);
  for (let depth = 0; process !== undefined && depth < 50; depth += 1) {
    if (runnerProcesses([process])[0]?.kind === 'Worker') return process.pid;
    process = readProcess(process.parent, kernel);
  }
  return undefined;
}

/**
 * Returns who else uses the work folder of this runner, as the end of a sentence; `undefined` if nobody does. It asks
 * the running runners of this machine, and those that are installed next to this one.
 */
export function whoSharesWork(
  { work, root }: Pick<RunnerFolders, 'work' | 'root'>,
  kernel: Kernel = {},
): MaybeUnknown<string | undefined> {
  const processes = listProcesses(kernel);
  if (isUnknown(processes)) return processes;
  const runners = runnerProcesses(processes);
  const above = workerAbove(kernel);
  const own = root ?? runners.find(({ pid }) => pid === above)?.root;
  if (own === undefined) return { unknown: 'the folder of this runner is not known' };
  if (runners.some((runner) => runner.root === undefined))
    return { unknown: 'a runner of this machine does not show in which folder it is installed' };
  const workers = runners.filter((runner) => runner.kind === 'Worker' && sameFolder(runner.root, own, work));
  if (workers.some(({ pid }) => pid !== above)) return 'another job of this runner is running';
  const others = runners.flatMap((runner) => (sameFolder(runner.root, own, work) ? [] : [runner]));
  const neighbours = neighboursOf(own);
  const answers = [
    ...others.map((runner) => whyShared(runner.root ?? '', work, runner.user)),
    ...(neighbours ?? []).map((folder) => whyShared(folder, work, undefined)),
    ...(neighbours === undefined ? [{ unknown: 'there are too many folders next to this runner' }] : []),
  ].filter((answer) => answer !== undefined);
  // A runner that is known to share the folder says more than one that is not known.
  return answers.find((answer) => !isUnknown(answer)) ?? answers[0];
}

const sameFolder = (one: string | undefined, other: string, trusted: string): boolean =>
  one !== undefined && localPathOf(one, trusted) === localPathOf(other, trusted);

/** @param user of the running process; `undefined` for a runner that only lies next to this one */
function whyShared(root: string, work: string, user: number | undefined): MaybeUnknown<string | undefined> {
  const folder = workFolderOf(root);
  if (folder === undefined) {
    if (user === undefined || !mayWrite(user, work)) return undefined;
    return { unknown: `the settings of another runner, ${join(root, '.runner')}, cannot be read` };
  }
  const [theirs, ours] = [localPathOf(folder, work), localPathOf(work, work)];
  return isInside(theirs, ours) || isInside(ours, theirs)
    ? `another runner, in ${root}, also uses this work folder`
    : undefined;
}

function workFolderOf(root: string): string | undefined {
  try {
    const folder = readRunnerFile(root)?.workFolder;
    return folder === undefined ? undefined : resolve(root, folder);
  } catch {
    return undefined;
  }
}

/** Returns whether a user may create files in a folder. Root always may, and so may a member of an unknown group. */
function mayWrite(user: number, folder: string): boolean {
  try {
    const { uid, mode } = lstatSync(localPathOf(folder, folder));
    return user === 0 || user === uid || (mode & 0o022) !== 0;
  } catch {
    return true;
  }
}
