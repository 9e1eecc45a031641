import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isUnknown, type MaybeUnknown } from './maybe-unknown.ts';
import { type Kernel, kernelPath, readKernel, readKernelStart, unsupported } from './kernel-files.ts';
import { localPathOf } from './local-path.ts';
import { mountOf, parseMounts } from './mounts.ts';
import { isInFirstPidNamespace } from './path-uses.ts';
import { type RunnerProcess, runnerProcesses } from './runner-processes.ts';

/** Bytes of a command line. */
const maxCommand = 4096;

/**
 * Returns why a runner is not idle, as a sentence without its end; `undefined` if no job runs there. A job runs in a
 * process of its own, the worker, which the listener starts and which ends with the job. Source: actions/runner 2.336.0,
 * JobDispatcher.cs.
 *
 * It reads only command lines, which never block and which each user may read, so it may be called before each removal.
 * @param root the folder where the runner is installed
 * @returns unknown if a worker could run and not be visible
 */
export function whyNotIdle(root: string, kernel: Kernel = {}): MaybeUnknown<string | undefined> {
  const running = listRunners(kernel);
  if (isUnknown(running)) return running;
  const folder = localPathOf(root, root);
  const place = placeOf(folder, readKernel(kernel, '/proc/self/mountinfo'));
  const own = running.filter((runner) => {
    if (runner.root === undefined) return false;
    if (localPathOf(runner.root, root) === folder) return true;
    // It may have started by another path, through a bind mount here or in its container.
    const its = placeOf(runner.root, readKernel(kernel, `/proc/${runner.pid}/mountinfo`));
    return its !== undefined && its === place;
  });
  const worker = own.find(({ kind }) => kind === 'Worker');
  if (worker !== undefined) return `a job runs: process ${worker.pid} is its worker`;
  const hidden = running.find((runner) => runner.root === undefined);
  if (hidden !== undefined) return { unknown: whyHidden(hidden) };
  // Where the runner itself is visible, so is each process that it starts.
  if (isInFirstPidNamespace(kernel) || own.length > 0) return undefined;
  return { unknown: 'processes of the machine are not visible in a container' };
}

/** Returns where a path is on its device, whatever the mount. @param mounts the text of `mountinfo` */
function placeOf(path: string, mounts = ''): string | undefined {
  const mount = mountOf(path, parseMounts(mounts));
  return mount && `${mount.device} ${join(mount.root, relative(mount.mountPoint, path))}`;
}

/** Says why it is not known whose process it is. */
export const whyHidden = ({ pid }: Pick<RunnerProcess, 'pid'>): string =>
  `process ${pid} is a runner and does not show in which folder it is installed`;

/** Lists the running runners of this machine. */
export function listRunners(kernel: Kernel = {}): MaybeUnknown<RunnerProcess[]> {
  const reason = unsupported(kernel, 'Processes');
  if (reason !== undefined) return { unknown: reason };
  // Where processes of other users are hidden, the first process is hidden too.
  if (readKernel(kernel, '/proc/1/stat') === undefined)
    return { unknown: 'the system hides processes of other users' };
  try {
    const pids = readdirSync(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
    return runnerProcesses(
      pids.map((pid) => {
        const command = readKernelStart(kernel, `/proc/${pid}/cmdline`, maxCommand) ?? '';
        return { pid: Number(pid), user: Number.NaN, program: command.split('\0', 1)[0] ?? '' };
      }),
    );
  } catch (error) {
    return { unknown: `Processes cannot be listed: ${(error as Error).message}` };
  }
}
