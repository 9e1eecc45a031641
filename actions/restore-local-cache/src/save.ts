import { type Step, uptime } from '@runner-actions/core';
import { notFound } from './restore/found.ts';
import { planCache } from './plan/plan.ts';
import { evictionLine, saveLine } from './report/report.ts';
import { settle } from './plan/settle.ts';
import { withGoodRoot } from './plan/store-root.ts';
import { notSaved, whyNot } from './save/whether.ts';

/** `restore-local-cache/save`: saves now, as a step of its own. The job goes on with its files, so they are copied. */
export async function phase(step: Step): Promise<void> {
  const { inputs, root, rootFrom } = await settle(step);
  const plan = withGoodRoot(step, planCache({ ...inputs, save: 'always' }, step.job, root), rootFrom);
  const started = uptime();
  const found = notFound('');
  const why = whyNot(plan, found, '');
  const { save } = await import('./save/save-to-levels.ts');
  const saved = why === undefined ? await save({ step, plan, found, jobGoesOn: true }) : notSaved(why);
  step.log.info(saveLine(saved, inputs.key, uptime() - started));
  const { makeRoom } = await import('./save/room.ts');
  const evicted = await makeRoom(step, plan);
  if (evicted.entries > 0) step.log.info(evictionLine(evicted));
}
