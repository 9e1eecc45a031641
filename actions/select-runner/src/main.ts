import { configFor, tellIgnored } from '@runner-actions/config';
import { messageOf, type Step, type Trust, trustOf, UserError } from '@runner-actions/core';
import { makeQuestion, type Question } from './ask/question.ts';
import { type Decision, decideBlindly, failed, withoutEffect } from './decide/decision.ts';
import { decide } from './decide-io.ts';
import { readInputs, readOnError } from './inputs.ts';
import { headline, makeReport, outcomeOf, outputsOf, renderSummary } from './report/report.ts';

const noTeam = { kind: 'none', config: {}, path: 'the configuration', why: '', ignored: [] } as const;

export async function phase(step: Step): Promise<void> {
  const inputs = await readInputs(step.inputs);
  const team = inputs.needsTeam ? await configFor(step) : noTeam;
  tellIgnored(step, team.ignored);
  const question = makeQuestion(inputs, team, step.job);
  // Written early: a job that is killed from here on has an answer all the same, as has one that `on-error` fails.
  const early = decideBlindly(question, trustSafely(step, question), 'no decision was made yet');
  setOutputs(step, question.onError === 'fail' ? failed(early) : early);
  const decision = await decide(step, question, inputs);
  warn(step, decision);
  await answer(step, question.dryRun ? withoutEffect(decision) : decision);
}

/** The decision broke: the fallback, unless `on-error` says that a broken decision fails the job. */
export async function safeAnswer(step: Step, fault: unknown): Promise<void> {
  const why = messageOf(fault);
  if (readOnError(step.inputs) === 'fail') throw new UserError(`The decision failed: ${why}`);
  const inputs = await readInputs(step.inputs);
  const team = { kind: 'unknown', config: {}, path: '', why } as const;
  const question = makeQuestion({ ...inputs, class: undefined, dryRun: false }, team, step.job);
  await answer(step, decideBlindly(question, trustSafely(step, question), why));
}

/** What breaks may be the judgement itself: then nobody is trusted. */
function trustSafely({ job }: Step, { trust }: Question): Trust {
  try {
    return trustOf(job, trust);
  } catch {
    return { trusted: false, why: 'it could not be judged whether the run is trusted' };
  }
}

/** Says what was found out only in part, or not at all. @throws UserError with `on-error: fail` */
function warn(step: Step, { question, facts }: Decision): void {
  for (const [name, { observation }] of facts) {
    if (observation.kind === 'seen' && observation.warning !== undefined)
      step.annotate('warning', observation.warning);
    if (observation.kind === 'seen' || !observation.failed) continue;
    if (question.onError === 'fail')
      throw new UserError(`GitHub gave no usable answer: ${observation.detail}.`);
    step.annotate('warning', `Nothing is known about the runners of ${name}: ${observation.detail}.`);
  }
}

/** @throws UserError when the decision is to fail */
async function answer(step: Step, decision: Decision): Promise<void> {
  setOutputs(step, decision);
  step.log.info(headline(decision));
  step.summary.add(renderSummary(decision));
  await step.report('select-runner', makeReport(decision));
  if (outcomeOf(decision) === 'fail') throw new UserError(headline(decision));
}

function setOutputs(step: Step, decision: Decision): void {
  for (const [name, value] of Object.entries(outputsOf(decision))) step.outputs.set(name, value);
}
