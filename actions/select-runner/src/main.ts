import { readStepConfig, warnIgnored } from '@runner-actions/config';
import { messageOf, type Step, type Trust, trustOf, UserError } from '@runner-actions/core';
import { buildRequest, type SelectionRequest } from './request/selection-request.ts';
import { type Decision, decideWithoutFacts, toFailed, toDryRun } from './decide/decision.ts';
import { decide } from './decide-io.ts';
import { readInputs, readOnError } from './inputs.ts';
import { headline, makeReport, outcomeOf, outputsOf, renderSummary } from './report/report.ts';

const noTeamConfig = { kind: 'none', config: {}, path: 'the configuration', why: '', ignored: [] } as const;

export async function phase(step: Step): Promise<void> {
  const inputs = await readInputs(step.inputs);
  const team = inputs.needsConfig ? await readStepConfig(step) : noTeamConfig;
  warnIgnored(step, team.ignored);
  const request = buildRequest(inputs, team, step.job);
  // Set the outputs early, so that a step that is killed, or fails with `on-error: fail`, has an answer.
  const early = decideWithoutFacts(request, trustSafely(step, request), 'no decision was made yet');
  setOutputs(step, request.onError === 'fail' ? toFailed(early) : early);
  const decision = await decide(step, request, inputs);
  warn(step, decision);
  await publish(step, request.dryRun ? toDryRun(decision) : decision);
}

/** Answers with the fallback after the decision failed. With `on-error: fail` it throws, and the job fails. */
export async function safeAnswer(step: Step, fault: unknown): Promise<void> {
  const why = messageOf(fault);
  if (readOnError(step.inputs) === 'fail') throw new UserError(`The decision failed: ${why}`);
  const inputs = await readInputs(step.inputs);
  const team = { kind: 'unknown', config: {}, path: '', why } as const;
  const request = buildRequest({ ...inputs, class: undefined, dryRun: false }, team, step.job);
  await publish(step, decideWithoutFacts(request, trustSafely(step, request), why));
}

/** Determines the trust. If that fails, the run is not trusted. */
function trustSafely({ job }: Step, { trust }: SelectionRequest): Trust {
  try {
    return trustOf(job, trust);
  } catch {
    return { trusted: false, why: 'the action could not determine whether the run is trusted' };
  }
}

/** Warns about pools whose state is unknown, or known only in part. @throws UserError with `on-error: fail` */
function warn(step: Step, { request, facts }: Decision): void {
  for (const [name, { observation }] of facts) {
    if (observation.kind === 'seen' && observation.warning !== undefined)
      step.annotate('warning', observation.warning);
    if (observation.kind === 'seen' || !observation.failed) continue;
    if (request.onError === 'fail')
      throw new UserError(`GitHub gave no usable answer: ${observation.detail}.`);
    step.annotate('warning', `The state of the runners of ${name} is unknown: ${observation.detail}.`);
  }
}

/** Publishes the decision: outputs, log, summary and report. @throws UserError if the decision is `fail` */
async function publish(step: Step, decision: Decision): Promise<void> {
  setOutputs(step, decision);
  step.log.info(headline(decision));
  step.summary.add(renderSummary(decision));
  await step.report('select-runner', makeReport(decision));
  if (outcomeOf(decision) === 'fail') throw new UserError(headline(decision));
}

function setOutputs(step: Step, decision: Decision): void {
  for (const [name, value] of Object.entries(outputsOf(decision))) step.outputs.set(name, value);
}
