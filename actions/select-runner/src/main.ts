import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { messageOf, type Step, type Trust, trustOf, UserError, writeFileAtomic } from '@runner-actions/core';
import { type Decision, decide } from './decide.ts';
import { readInputs, readOnError, type SelectInputs } from './inputs.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe-io.ts';
import { type Considered, makeReport, outputsOf, renderSummary } from './report.ts';

export async function phase(step: Step): Promise<void> {
  const inputs = await readInputs(step.inputs);
  const considered = await consider(step, inputs);
  const decision = decide(inputs, considered.trust, considered.observation ?? notAsked);
  await answer(step, decision, considered);
  if (decision.decision === 'fail') throw new UserError(decision.sentence);
}

/** The decision broke: the fallback, unless `on-error` says that a broken decision fails the job. */
export async function safeAnswer(step: Step, fault: unknown): Promise<void> {
  if (readOnError(step.inputs) === 'fail') throw new UserError(`The decision failed: ${messageOf(fault)}`);
  const inputs = await readInputs(step.inputs);
  const broken = {
    kind: 'unknown',
    source: 'static',
    reason: 'unknown',
    failed: true,
    detail: messageOf(fault),
  } as const;
  const considered = { labels: inputs.labels, trust: judgeTrustSafely(step, inputs), observation: broken };
  const decision = decide({ ...inputs, onUnknown: 'fallback' }, considered.trust, broken);
  await answer(step, { ...decision, reason: 'error' }, considered);
  if (decision.decision === 'fail') throw new UserError(decision.sentence);
}

const notAsked: Observation = {
  kind: 'unknown',
  source: 'static',
  reason: 'unknown',
  failed: false,
  detail: 'not asked',
};

async function consider(step: Step, inputs: Readonly<SelectInputs>): Promise<Considered> {
  const { job } = step;
  const { labels, token, runnerToken } = inputs;
  const trust = judgeTrust(step, inputs);
  if (!trust.trusted) return { labels, trust, observation: undefined };
  const deadline = step.deadline.limit(inputs.deadline);
  const observation = await observe({ labels, enough: inputs.minFree, token, runnerToken, job, deadline });
  if (observation.kind === 'unknown' && observation.failed) {
    if (inputs.onError === 'fail')
      throw new UserError(`GitHub gave no usable answer: ${observation.detail}.`);
    step.annotate(
      'warning',
      `The runners could not be listed, so nothing is known about them: ${observation.detail}.`,
    );
  } else if (
    observation.kind === 'seen' &&
    observation.source === 'runners-api' &&
    observation.detail !== ''
  ) {
    step.annotate('warning', `Decided on a part of the answer: ${observation.detail}.`);
  }
  return { labels, trust, observation };
}

function judgeTrust({ job }: Step, { trust }: Readonly<SelectInputs>): Trust {
  return trustOf(job, trust);
}

/** What broke may be the judgement itself: then nobody is trusted. */
function judgeTrustSafely(step: Step, inputs: Readonly<SelectInputs>): Trust {
  try {
    return judgeTrust(step, inputs);
  } catch {
    return { trusted: false, why: 'it could not be judged whether the run is trusted' };
  }
}

async function answer(step: Step, decision: Decision, considered: Considered): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(decision))) step.outputs.set(name, value);
  step.log.info(decision.sentence);
  step.summary.add(renderSummary(decision, considered));
  const folder = join(step.job.temp, 'runner-actions');
  const path = join(folder, `select-runner-${process.pid}.json`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(path, `${JSON.stringify(makeReport(decision, considered), undefined, 2)}\n`);
    step.outputs.set('report', path);
  } catch (error) {
    step.annotate(
      'warning',
      `The report could not be written: ${messageOf(error)}. The outputs are set all the same.`,
    );
  }
}
