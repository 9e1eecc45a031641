import { readFile } from 'node:fs/promises';
import { type Step, writeFileAtomic } from '@runner-actions/core';
import { readJobStatus } from './inputs.ts';
import type { Left } from './main.ts';
import { makeRoom } from './evict.ts';
import { evictionLine, saveLine } from './report.ts';
import { save } from './save.ts';

export async function phase(step: Step): Promise<void> {
  const left = step.state.load<Left>();
  if (left === undefined) return step.log.debug('Main left nothing to do.');
  const { plan, found } = left;
  const started = performance.now();
  const saved = await save(step, plan, found, readJobStatus(step.inputs));
  const line = saveLine(saved, plan.inputs.key, performance.now() - started);
  step.log.info(line);
  if (saved.local === 'saved' || saved.github === 'saved') step.summary.add(`${line}\n`);
  const evicted = saved.local === 'saved' ? await makeRoom(step, plan) : { entries: 0, bytes: 0 };
  if (evicted.entries > 0) step.log.info(evictionLine(evicted));
  const report = JSON.parse(await readFile(plan.report, 'utf8')) as object;
  await writeFileAtomic(plan.report, `${JSON.stringify({ ...report, saved, evicted }, undefined, 2)}\n`);
}
