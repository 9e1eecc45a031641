import { readSmallFile, reasonOf, type Step, monotonicNow } from '@runner-actions/core';
import { removeStagingFolder, unlockTargets } from '@runner-actions/store';
import { returnLease } from './save/return-lease.ts';
import { levelNames } from './levels/level.ts';
import { readJobStatus } from './inputs.ts';
import type { PostState } from './main.ts';
import { evictionLine, saveLine } from './report/report.ts';
import { enforceBounds } from './save/enforce-bounds.ts';
import { shouldPromote, nothingSaved, type SaveResult, reasonNotToSave } from './save/should-save.ts';

export async function phase(step: Step): Promise<void> {
  const left = step.state.load<PostState>();
  const { plan, held } = left;
  try {
    const started = monotonicNow();
    const status = readJobStatus(step);
    const saved = await saveIfNeeded(step, left, status);
    const line = saveLine(saved, plan.inputs.key, monotonicNow() - started);
    step.log.info(line);
    const checkedIn = returnLease(step, left, {
      status,
      savedAsEntry: ['saved', 'exists'].includes(saved.local),
    });
    if (levelNames.some((level) => saved[level] === 'saved')) step.summary.add(`${line}\n`);
    const evicted = await enforceBounds(step, plan);
    if (evicted.entries > 0) step.log.info(evictionLine(evicted));
    await completeReport(step, plan.report, { saved, checkedIn, evicted });
  } finally {
    unlockTargets(held.locks, held.job);
    for (const folder of held.trash) removeStagingFolder(folder);
  }
}

async function saveIfNeeded(step: Step, { plan, found }: PostState, status: string): Promise<SaveResult> {
  const why = reasonNotToSave(plan, found, status);
  const nothing = nothingSaved(why ?? '');
  if (why !== undefined && !shouldPromote(plan, found)) return nothing;
  const { promoteToShared, save } = await import('./save/save-to-levels.ts');
  const request = { step, plan, found, jobContinues: false };
  return why === undefined ? save(request) : { ...nothing, shared: await promoteToShared(request) };
}

/** The report contains the inputs and the result, but no list of files. */
const maxReportBytes = 10 * 2 ** 20;

/**
 * Adds the results of the post phase to the report. The job may have deleted or replaced the report: then nothing is
 * added.
 */
async function completeReport(step: Step, path: string, more: object): Promise<void> {
  try {
    const report = JSON.parse(readSmallFile(path, maxReportBytes) ?? '') as object;
    await step.report(path, { ...report, ...more });
  } catch (error) {
    step.log.debug(`The report could not be completed: ${reasonOf(error)}.`);
  }
}
