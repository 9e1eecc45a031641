import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Step, UserError, writeFileAtomic } from '@runner-actions/core';
import { type CachePlan, planCache } from './plan.ts';
import { cacheHit, restoreLine } from './report.ts';
import { type Found, restore } from './restore.ts';
import { settle } from './settle.ts';

/** What main leaves for post. */
export interface Left {
  plan: CachePlan;
  found: Found;
}

export async function phase(step: Step): Promise<void> {
  const { inputs, root } = await settle(step);
  const plan = planCache(inputs, step.job, root);
  const started = performance.now();
  const found = await restore(step, plan);
  const milliseconds = Math.round(performance.now() - started);
  setOutputs(step, plan, found, milliseconds);
  step.state.save({ plan, found } satisfies Left);
  const line = restoreLine(found, inputs.key, milliseconds, inputs.lookupOnly);
  step.log.info(line);
  step.summary.add(`### ${line}\n`);
  await mkdir(dirname(plan.report), { recursive: true });
  await writeFileAtomic(
    plan.report,
    `${JSON.stringify({ version: 1, ...plan, found, milliseconds }, undefined, 2)}\n`,
  );
  if (found.matchedKey === undefined && inputs.failOnMiss) {
    throw new UserError(`Nothing was found for the key '${inputs.key}', and 'fail-on-cache-miss' is set.`);
  }
}

/** A miss: the job makes what it needs. */
export function safeAnswer(step: Step): void {
  step.outputs.set('cache-hit', '');
  step.outputs.set('cache-source', 'none');
}

function setOutputs(step: Step, { inputs, report }: CachePlan, found: Found, milliseconds: number): void {
  step.outputs.set('cache-hit', cacheHit(found, inputs.key));
  step.outputs.set('cache-primary-key', inputs.key);
  step.outputs.set('cache-matched-key', found.matchedKey ?? '');
  step.outputs.set('cache-source', found.source);
  step.outputs.set('restore-milliseconds', milliseconds);
  step.outputs.set('size-bytes', found.bytes);
  step.outputs.set('files', found.files);
  step.outputs.set('report', report);
}
