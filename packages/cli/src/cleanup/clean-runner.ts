import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cleaned, Result } from '@runner-actions/cleanup-workspace/clean';
import type { IdleRunner } from '@runner-actions/cleanup-workspace/clean-idle';
import type { ResolvedInputs } from '@runner-actions/cleanup-workspace/effective-inputs';
import { type Deadline, type Log, messageOf, stackOf } from '@runner-actions/core';
import {
  closeFolder,
  type Folder,
  isUnknown,
  localPathOf,
  openFolder,
  pathInFolder,
  readRunnerFile,
  whyNotIdle,
} from '@runner-actions/host';
import { lockRunner } from './lock.ts';
import { whyNotAsRoot, whyNotOpen } from './root-trust.ts';

/** What became of one runner. */
export interface RunnerResult {
  /** Its folder. */
  runner: string;
  /**
   * `busy`: it has a job. `running`: another clean-up of it runs. `unknown`: it could not be found out whether it has a
   * job. `refused`: it is no runner, or another user's. `failed`: not all could be done.
   */
  state: 'cleaned' | 'busy' | 'running' | 'unknown' | 'refused' | 'failed';
  /** For people; missing for `cleaned`. */
  why?: string;
  items: readonly Cleaned[];
  /** Sentences about disks and failures. */
  notes: readonly string[];
  /** Number of things that could not be removed. */
  left: number;
}

type Answer = Omit<RunnerResult, 'runner' | 'items' | 'notes' | 'left'> &
  Partial<Pick<RunnerResult, 'items' | 'notes' | 'left'>>;

/** Cleans one runner if it is idle. Never throws. */
export async function cleanRunner(
  root: string,
  settings: ResolvedInputs,
  caller: { deadline: Deadline; log: Log },
): Promise<RunnerResult> {
  const runner = localPathOf(root, root);
  const answer = await cleanIfIdle(runner, settings, caller).catch((error: unknown): Answer => ({
    state: 'failed',
    why: messageOf(error),
    notes: [stackOf(error)],
  }));
  return { runner, items: [], notes: [], left: 0, ...answer };
}

async function cleanIfIdle(
  root: string,
  settings: ResolvedInputs,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<Answer> {
  const file = readRunnerFile(root);
  if (file === undefined)
    return { state: 'refused', why: 'it has no file .runner that this user may read, so it is no runner' };
  if (!file.workFolder) return { state: 'refused', why: 'its file .runner names no work folder' };
  const idle = stateOf(root);
  if (idle !== undefined) return idle;
  const opened = openWork(root, resolve(root, file.workFolder));
  if ('state' in opened) return opened;
  const { work, owners } = opened;
  // A dry run writes nothing, not even a lock.
  const lock = settings.inputs.dryRun ? { taken: true as const, release: () => undefined } : lockRunner(work);
  try {
    if (!lock.taken) return lock.answer;
    const { cleanIdle } = await import('@runner-actions/cleanup-workspace/clean-idle');
    const quiet: Log = { ...log, info: () => undefined, group: () => undefined };
    const annotate = (_level: string, message: string): void => log.info(message);
    const result = await cleanIdle({ deadline, log: quiet, annotate }, { root, work, owners }, settings);
    return answerOf(result, stateOf(root));
  } finally {
    if (lock.taken) lock.release();
    closeFolder(work);
  }
}

function answerOf(
  { items, told, faults }: Result & { told: readonly string[]; faults: readonly unknown[] },
  now: Answer | undefined,
): Answer {
  const [fault] = faults;
  const notes = [...told, ...faults.map(stackOf)];
  if (fault !== undefined) return { state: 'failed', why: messageOf(fault), items, notes };
  // A job that began meanwhile stopped the removal. The result tells what was done before.
  if (now?.why !== undefined) return { state: 'cleaned', items, notes: [...notes, `Meanwhile, ${now.why}.`] };
  const outcomes = items.flatMap(({ outcome }) => outcome ?? []);
  const left = outcomes.reduce((sum, { residue, left: more = 0 }) => sum + residue.length + more, 0);
  return { state: 'cleaned', items, notes, left };
}

/** @returns `undefined` for a runner that is idle */
function stateOf(root: string): Answer | undefined {
  const busy = whyNotIdle(root);
  if (busy === undefined) return undefined;
  return isUnknown(busy) ? { state: 'unknown', why: busy.unknown } : { state: 'busy', why: busy };
}

/** Opens the work folder. For root, see `whyNotAsRoot`. */
function openWork(root: string, path: string): Pick<IdleRunner, 'work' | 'owners'> | Answer {
  const self = process.geteuid?.();
  const blocked = self === 0 ? whyNotOpen(root, path) : undefined;
  if (blocked !== undefined) return { state: 'refused', why: blocked };
  let work: Folder;
  try {
    work = openFolder(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing
      ? { state: 'cleaned', notes: [`It has had no job yet: ${path} does not exist.`] }
      : { state: 'failed', why: messageOf(error) };
  }
  const owner = lstatSync(pathInFolder(work, '.')).uid;
  if (self === undefined || (self === owner && self !== 0)) return { work, owners: undefined };
  const why =
    self === 0
      ? whyNotAsRoot({ root, work: work.path, owner })
      : `its work folder ${work.path} belongs to the user with the uid ${owner}. Run this command as that user`;
  if (why === undefined) {
    const owners = [
      { folder: root, uid: lstatSync(root).uid },
      { folder: work.path, uid: owner },
    ];
    return { work, owners };
  }
  closeFolder(work);
  return { state: 'refused', why };
}
