import { readStepConfig, warnIgnored } from '@runner-actions/config';
import { messageOf, type Step, type Trust, trustOf, UserError } from '@runner-actions/core';
import type { ReadSoFar } from './request/safe-request.ts';
import { buildRequest, type SelectionRequest } from './request/selection-request.ts';
import { type Decision, decideWithoutFacts, toFailed, toDryRun } from './decide/decision.ts';
import { decide } from './decide-io.ts';
import { readInputs } from './inputs.ts';
import { adviceFor, fellBack, poolsWithoutSource } from './report/fallback.ts';
import { headline, makeReport, outcomeOf, outputsOf, renderSummary } from './report/report.ts';

const notOnGitea =
  "This job runs on Gitea. Up to version 1.27, Gitea reads 'runs-on' before any job has run, so that a selection moves no job: it runs where the part after '||' says, or waits forever without one.";

const noTeamConfig = { kind: 'none', config: {}, path: 'the configuration', why: '', ignored: [] } as const;

/** What the phase has found out so far, for the safe answer. */
interface Progress extends ReadSoFar {
  /** The answer if the decision breaks. */
  early?: Decision;
  /** The answer. What fails after it, such as the report, does not change it. */
  final?: Decision;
}

const progressOf = new WeakMap<Step['job'], Progress>();

export function phase(step: Step): Promise<void> {
  return orFail(step, () => selectRunner(step));
}

async function selectRunner(step: Step): Promise<void> {
  const progress: Progress = {};
  progressOf.set(step.job, progress);
  const inputs = (progress.inputs = await readInputs(step.inputs));
  if (step.job.engine === 'gitea') step.annotate('notice', notOnGitea);
  const team = inputs.needsConfig ? await readStepConfig(step) : noTeamConfig;
  progress.config = team.config;
  warnIgnored(step, team.ignored);
  const request = buildRequest(inputs, team, step.job);
  // Set the outputs early, so that a step that is killed, or fails with `on-error: fail`, has an answer.
  const early = decideWithoutFacts(request, trustSafely(step, request), 'no decision was made yet');
  progress.early = early;
  setOutputs(step, request.onError === 'fail' ? toFailed(early) : early);
  const decision = await decide(step, request, inputs);
  warn(step, decision, inputs.warnOnFallback);
  const answer = request.dryRun ? toDryRun(decision) : decision;
  setOutputs(step, answer);
  progress.final = answer;
  await publish(step, answer);
}

/** Answers with the fallback after the decision failed. With `on-error: fail` it throws, and the job fails. */
export function safeAnswer(step: Step, fault: unknown): Promise<void> {
  return orFail(step, () => answerSafely(step, fault));
}

async function answerSafely(step: Step, fault: unknown): Promise<void> {
  const { early, final, ...read } = progressOf.get(step.job) ?? {};
  if (final !== undefined) return endWith(final);
  const why = messageOf(fault);
  const request = early?.request ?? (await requestWithout(step, read));
  const answer = decideWithoutFacts(request, early?.trust ?? trustSafely(step, request), why);
  if (request.onError === 'fail') {
    setOutputs(step, toFailed(answer));
    throw new UserError(`The decision failed: ${why}`);
  }
  setOutputs(step, answer);
  await publish(step, answer);
}

/** Returns a request for a failure before there was one. Loads the module only then. */
async function requestWithout(step: Step, read: ReadSoFar): Promise<SelectionRequest> {
  const { safeRequest } = await import('./request/safe-request.ts');
  return safeRequest(step.inputs, read, step.job);
}

/** Sets `decision` to `fail` for a mistake of the user, so that the jobs behind this one can tell it from a dead step. */
async function orFail(step: Step, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) step.outputs.set('decision', 'fail');
    throw error;
  }
}

/** Determines the trust. If that fails, the run is not trusted. */
function trustSafely({ job }: Step, { trust }: SelectionRequest): Trust {
  try {
    return trustOf(job, trust);
  } catch {
    return { trusted: false, why: 'the action could not determine whether the run is trusted' };
  }
}

/**
 * Warns about pools whose state is unknown or known only in part, and on request about jobs that fell back.
 * @throws UserError with `on-error: fail`
 */
function warn(step: Step, decision: Decision, warnOnFallback: boolean): void {
  const { request, facts } = decision;
  const failed = new Map<string, string[]>();
  const warnings = new Set<string>();
  for (const [name, { observation }] of facts) {
    if (observation.kind === 'seen') {
      if (observation.warning !== undefined) warnings.add(observation.warning);
    } else if (observation.failed) {
      failed.set(observation.detail, [...(failed.get(observation.detail) ?? []), name]);
    }
  }
  const [detail] = failed.keys();
  if (detail !== undefined && request.onError === 'fail')
    throw new UserError(`GitHub gave no usable answer: ${detail}.`);
  for (const [why, names] of failed)
    warnings.add(`The state of the runners of ${names.join(', ')} is unknown: ${why}.`);
  const skipped = decision.placements.filter(({ decision }) => decision === 'skip').length;
  if (skipped > 0 && skipped < decision.placements.length)
    warnings.add(
      `${skipped} of ${decision.placements.length} jobs do not run, because no pool could take them and 'fallback' is skip.`,
    );
  for (const warning of warnings) step.annotate('warning', warning);
  const unseen = poolsWithoutSource(decision);
  if (unseen.length > 0) step.annotate('warning', adviceFor(unseen));
  // If the run fails, its error says why.
  if (warnOnFallback && fellBack(decision) && outcomeOf(decision) !== 'fail')
    step.annotate(
      'warning',
      `Self-hosted runners were wanted, but could not be used. ${headline(decision)} The summary of this job shows what was found out about each pool.`,
    );
}

/** Publishes the decision in the log, the summary and the report. @throws UserError if the decision is `fail` */
async function publish(step: Step, decision: Decision): Promise<void> {
  step.log.info(headline(decision));
  step.summary.add(renderSummary(decision));
  await step.report('select-runner', makeReport(decision));
  endWith(decision);
}

/** @throws UserError if the decision is `fail` */
function endWith(decision: Decision): void {
  if (outcomeOf(decision) === 'fail') throw new UserError(headline(decision));
}

function setOutputs(step: Step, decision: Decision): void {
  for (const [name, value] of Object.entries(outputsOf(decision))) step.outputs.set(name, value);
}
