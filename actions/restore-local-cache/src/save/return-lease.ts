import { formatDuration, reasonOf, type Step, monotonicNow } from '@runner-actions/core';
import { type CheckInResult, checkIn, openStore } from '@runner-actions/store';
import type { PostState } from '../main.ts';
import { logProgress } from '../report/progress.ts';

/**
 * Returns the copy of the job to the store, for the next job. An error here does not fail the job: the entry itself
 * never left the store.
 * @param savedAsEntry the copy was saved as a new entry under the key of the job, or another job saved that key first
 */
export function returnLease(
  step: Step,
  { plan, held }: PostState,
  { status, savedAsEntry }: { status: string; savedAsEntry: boolean },
): CheckInResult | undefined {
  if (held.lease === undefined || plan.root === undefined) return undefined;
  const started = monotonicNow();
  try {
    const done = checkIn(openStore(plan.root), held.lease, {
      keep: status === 'success',
      most: plan.inputs.readyCopies,
      tick: logProgress(step, 'Checking in'),
    });
    const isUnknown = status === '' && done.outcome === 'dropped';
    const result = isUnknown ? { ...done, why: 'it is unknown how the job ended' } : done;
    if (savedAsEntry) return result;
    logCheckIn(step, result, monotonicNow() - started);
    return result;
  } catch (error) {
    step.annotate('warning', `The copy of this job could not be returned to the store: ${reasonOf(error)}.`);
    return undefined;
  }
}

function logCheckIn(step: Step, { outcome, changed, added, why }: CheckInResult, milliseconds: number): void {
  if (outcome === 'released') return;
  const took = formatDuration(milliseconds);
  if (outcome === 'clean')
    return step.log.info(`Cache: the copy is ready for the next job, checked in ${took}`);
  if (outcome === 'repaired')
    return step.log.info(
      `Cache: the copy is ready for the next job, repaired in ${took}: ${changed} changed or removed, ${added} added`,
    );
  const text = `Cache: the copy of this job was dropped: ${why}`;
  if (outcome === 'replaced' || outcome === 'mounted') step.annotate('warning', `${text}.`);
  else step.log.info(text);
}
