import { configFor, type StepConfig, tellIgnored } from '@runner-actions/config';
import { messageOf, type Step, type Trust, trustOf, UserError } from '@runner-actions/core';
import { shapeOf } from './ask/pool.ts';
import { makeQuestion, type Question } from './ask/question.ts';
import { consider, type Considered } from './consider.ts';
import { estimate, type Estimates } from './decide/estimates.ts';
import { fallBack, type Placement } from './decide/place.ts';
import type { Reason } from './decide/verdict.ts';
import { readInputs, readOnError, type SelectInputs } from './inputs.ts';
import {
  costOf,
  decisionOf,
  headline,
  makeReport,
  outputsOf,
  renderSummary,
  type Told,
} from './report/report.ts';

const untold: Estimates = { wait: undefined, cost: undefined };

export async function phase(step: Step): Promise<void> {
  const inputs = await readInputs(step.inputs);
  const team = await readTeam(step, inputs);
  tellIgnored(step, team.ignored);
  const question = makeQuestion(inputs, team, step.job);
  const trust = trustSafely(step, question);
  // Written early: a job that is killed from here on has an answer all the same, as has one that `on-error` fails.
  const early = allOnFallback(question, trust, 'error', 'no decision was made yet');
  const answers = inputs.onError === 'fail' ? early.map(failed) : early;
  setOutputs(step, outputsOf(answers, untold, ''));
  const considered = await consider(step, question, inputs);
  report(step, inputs, considered);
  await answer(step, asTold(considered, inputs, team));
}

/** The decision broke: the fallback, unless `on-error` says that a broken decision fails the job. */
export async function safeAnswer(step: Step, fault: unknown): Promise<void> {
  if (readOnError(step.inputs) === 'fail') throw new UserError(`The decision failed: ${messageOf(fault)}`);
  const inputs = await readInputs(step.inputs);
  const team = { kind: 'unknown', config: {}, path: '', why: messageOf(fault) } as const;
  const question = makeQuestion({ ...inputs, class: undefined }, team, step.job);
  const trust = trustSafely(step, question);
  const placements = allOnFallback(question, trust, 'error', messageOf(fault));
  const nothing = { facts: new Map(), verdicts: new Map(), jobs: [], waitedMilliseconds: 0, calls: 0 };
  await answer(step, {
    ...nothing,
    question,
    trust,
    placements,
    dryRun: false,
    estimates: untold,
    currency: '',
  });
}

/** With `labels` there is a way without a configuration: it is read only where it is named. */
async function readTeam(
  step: Step,
  { labels }: Readonly<SelectInputs>,
): Promise<Omit<StepConfig, 'originOf'>> {
  const isNamed = step.inputs.text('config') !== undefined || step.inputs.text('environment') !== undefined;
  if (labels.length === 0 || isNamed) return configFor(step);
  return { kind: 'none', config: {}, path: 'the configuration', why: '', ignored: [] };
}

/** What breaks may be the judgement itself: then nobody is trusted. */
function trustSafely({ job }: Step, { trust }: Question): Trust {
  try {
    return trustOf(job, trust);
  } catch {
    return { trusted: false, why: 'it could not be judged whether the run is trusted' };
  }
}

function allOnFallback(question: Question, trust: Trust, reason: Reason, why: string): Placement[] {
  const verdict = { capacity: 0, reason, source: 'static', confidence: 'low', why } as const;
  return question.jobs.map((job) => fallBack(question, trust, job, verdict));
}

function failed(placement: Placement): Placement {
  return { ...placement, decision: 'fail', runsOn: '', isSelfHosted: false };
}

/** Says what was found out only in part, or not at all. @throws UserError with `on-error: fail` */
function report(step: Step, { onError }: Readonly<SelectInputs>, { facts }: Considered): void {
  for (const [name, { observation }] of facts) {
    if (observation.kind === 'seen' && observation.warning !== undefined)
      step.annotate('warning', observation.warning);
    if (observation.kind === 'seen' || !observation.failed) continue;
    if (onError === 'fail') throw new UserError(`GitHub gave no usable answer: ${observation.detail}.`);
    step.annotate('warning', `Nothing is known about the runners of ${name}: ${observation.detail}.`);
  }
}

function asTold(
  considered: Considered,
  { dryRun }: Readonly<SelectInputs>,
  { config }: Pick<StepConfig, 'config'>,
): Told {
  const { question, trust, placements, jobs } = considered;
  const [first] = placements;
  const estimates =
    first === undefined ? untold : estimate(jobs, shapeOf(first.runsOn), costOf(question.pools, first));
  const shown = dryRun
    ? placements.map(({ job, verdict }) => fallBack(question, trust, job, verdict))
    : placements;
  return { ...considered, placements: shown, dryRun, estimates, currency: config.metrics?.currency ?? 'USD' };
}

/** @throws UserError when the decision is to fail */
async function answer(step: Step, told: Told): Promise<void> {
  setOutputs(step, outputsOf(told.placements, told.estimates, told.currency));
  step.log.info(headline(told));
  step.summary.add(renderSummary(told));
  await step.report('select-runner', makeReport(told));
  if (decisionOf(told.placements) === 'fail') throw new UserError(headline(told));
}

function setOutputs(step: Step, outputs: Record<string, string>): void {
  for (const [name, value] of Object.entries(outputs)) step.outputs.set(name, value);
}
