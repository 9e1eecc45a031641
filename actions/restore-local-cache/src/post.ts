import { readSmallFile, reasonOf, type Step, uptime } from '@runner-actions/core';
import { dropStaging, unlockTargets } from '@runner-actions/store';
import { giveLeaseBack } from './save/check-in.ts';
import { levelNames } from './levels/level.ts';
import { readJobStatus } from './inputs.ts';
import type { Left } from './main.ts';
import { evictionLine, saveLine } from './report/report.ts';
import { makeRoom } from './save/room.ts';
import { isToPromote, notSaved, type Saved, whyNot } from './save/whether.ts';

export async function phase(step: Step): Promise<void> {
  const left = step.state.load<Left>();
  const { plan, held } = left;
  try {
    const started = uptime();
    const status = readJobStatus(step.inputs);
    const saved = await saveOrNot(step, left, status);
    const line = saveLine(saved, plan.inputs.key, uptime() - started);
    step.log.info(line);
    const checkedIn = giveLeaseBack(step, left, {
      status,
      wasTaken: ['saved', 'exists'].includes(saved.local),
    });
    if (levelNames.some((level) => saved[level] === 'saved')) step.summary.add(`${line}\n`);
    const evicted = await makeRoom(step, plan);
    if (evicted.entries > 0) step.log.info(evictionLine(evicted));
    await completeReport(step, plan.report, { saved, checkedIn, evicted });
  } finally {
    unlockTargets(held.locks, held.job);
    for (const folder of held.trash) dropStaging(folder);
  }
}

async function saveOrNot(step: Step, { plan, found }: Left, status: string): Promise<Saved> {
  const why = whyNot(plan, found, status);
  const nothing = notSaved(why ?? '');
  if (why !== undefined && !isToPromote(plan, found)) return nothing;
  const { promote, save } = await import('./save/save-to-levels.ts');
  const request = { step, plan, found, jobGoesOn: false };
  return why === undefined ? save(request) : { ...nothing, shared: await promote(request) };
}

/** Bytes: it has the inputs and what was found, and no list of files. */
const mostReport = 10 * 2 ** 20;

/** A job may empty the folder that it is in, or write something else there: then there is none. */
async function completeReport(step: Step, path: string, more: object): Promise<void> {
  try {
    const report = JSON.parse(readSmallFile(path, mostReport) ?? '') as object;
    await step.report(path, { ...report, ...more });
  } catch (error) {
    step.log.debug(`The report is not completed: ${reasonOf(error)}.`);
  }
}
