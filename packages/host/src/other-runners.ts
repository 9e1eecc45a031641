import { resolve } from 'node:path';
import { isUnknown } from './maybe-unknown.ts';
import type { Kernel } from './kernel-files.ts';
import { localPathOf } from './local-path.ts';
import { neighboursOf } from './neighbours.ts';
import { listProcesses, readProcess } from './processes.ts';
import { ownContainer } from './own-container.ts';
import { readRunnerFile } from './runner-label.ts';
import { runnerProcesses } from './runner-processes.ts';

/** Another runner that is installed on this machine. */
export interface OtherRunner {
  /** The folder where it is installed. */
  root: string;
  /** Its work folder. If its file cannot be read, this is the default, `_work`. */
  work: string;
  /** Its label for containers; `undefined` if its file cannot be read. */
  label: string | undefined;
}

export interface OtherRunners {
  runners: OtherRunner[];
  /** Whether this is the machine's only runner; `undefined` if that cannot be determined. */
  alone: boolean | undefined;
}

/**
 * Finds the other runners of this machine: those that run, by the command lines of their processes, and those in folders
 * beside this runner's. One that does not run and is elsewhere is not found.
 * @param root the folder of this runner, without links; `undefined` if it is unknown
 */
export function otherRunners(root: string | undefined, kernel: Kernel = {}): OtherRunners {
  const processes = listProcesses(kernel);
  const running = isUnknown(processes) ? [] : runnerProcesses(processes);
  const listeners = running.filter(({ kind }) => kind === 'Listener');
  const beside = root === undefined ? [] : neighboursOf(root);
  const found = [...running.map((runner) => runner.root), ...(beside ?? [])];
  // A runner may be known by several paths, this one too.
  const roots = new Set(found.filter((each) => each !== undefined).map((each) => localPathOf(each, each)));
  roots.delete(root ?? '');
  const runners = [...roots].map(describe);
  // A runner in a container may have the same path as this one.
  if (runners.length > 0 || listeners.length > 1) return { runners, alone: false };
  // Where processes of other users are hidden, the first process is hidden too.
  const seesAll = !isUnknown(processes) && readProcess(1, kernel) !== undefined;
  const isCertain =
    seesAll &&
    root !== undefined &&
    beside !== undefined &&
    !found.includes(undefined) &&
    !ownContainer(kernel).inside;
  return { runners, alone: isCertain ? true : undefined };
}

function describe(root: string): OtherRunner {
  const file = readRunnerFile(root);
  return { root, work: resolve(root, file?.workFolder ?? '_work'), label: file?.label };
}
