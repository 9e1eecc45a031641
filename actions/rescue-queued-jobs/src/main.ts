import {
  labelsAndGroupOf,
  orderedPools,
  readStepConfig,
  type RunsOnValue,
  type StepConfig,
} from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { connect, GitHubFailure } from '@runner-actions/github';
import type { DeclaredPool } from '@runner-actions/history';
import { readInputs, type RescueInputs } from './inputs.ts';
import type { Rules } from './judge.ts';
import { type JudgedRun, judgeRuns } from './judge-runs-io.ts';
import { headline, makeReport, planLines, renderSummary, type ReportedRun, unlistedLines } from './report.ts';
import { openRescue } from './rescue-io.ts';
import type { Unlisted } from './unfinished-runs-io.ts';

const notOnGitea =
  'Nothing was done: this action rescues runs of GitHub only. On Gitea, a run that is started again waits for the same runner.';

export async function phase(step: Step): Promise<void> {
  const inputs = readInputs(step.inputs);
  const { job } = step;
  if (job.engine === 'gitea') {
    step.annotate('warning', notOnGitea);
    return publish(step, { reported: [], unlisted: [] }, inputs);
  }
  const deadline = step.deadline.limit(inputs.deadline);
  const team = await readStepConfig(step);
  const github = connect({ token: inputs.token, apiUrl: job.apiUrl, deadline, calls: inputs.calls });
  const rules: Rules = {
    repository: job.repository.fullName,
    pools: inputs.pools,
    declared: declaredPools(team),
    undeclared: team.kind === 'unknown' ? team.why : undefined,
    after: inputs.after,
    rerunSuperseded: inputs.rerunSuperseded,
  };
  try {
    const { runs, unlisted, poolFailure, judgeAgain } = await judgeRuns(github, {
      inputs,
      rules,
      job,
      deadline,
    });
    if (poolFailure !== undefined)
      step.annotate(
        'warning',
        `No run can be rescued, because the state of its pool could not be read: ${poolFailure.message}. ${adviceFor(poolFailure, inputs)}`,
      );
    const plan = limit(runs, inputs.maxRuns);
    step.log.group(`Plan: ${headline(plan, true)}`, [...planLines(plan), ...unlistedLines(unlisted)]);
    const rescue = openRescue({ github, inputs, rules, job, deadline, judgeAgain });
    const reported: ReportedRun[] = [];
    for (const one of plan) {
      const isDue = one.reason === 'stuck' && !inputs.dryRun;
      reported.push(isDue ? { ...one, outcome: await rescue(one.run) } : one);
    }
    await publish(step, { reported, unlisted }, inputs);
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    step.annotate('warning', `No run was rescued, because the runs could not be listed: ${error.message}.`);
    await publish(step, { reported: [], unlisted: [] }, inputs);
  }
}

function adviceFor({ kind }: GitHubFailure, { runnerToken, calls }: Readonly<RescueInputs>): string {
  if (kind === 'call-budget') return `Increase 'calls' above ${calls}, or set 'runner-token'.`;
  return runnerToken === undefined
    ? "'token' needs 'actions: write'."
    : "'runner-token' needs 'Administration: read' of the repository and, for an organization, 'Self-hosted runners: read'.";
}

function declaredPools({ config, originOf }: StepConfig): DeclaredPool[] {
  return orderedPools(config).map(({ name, kind, 'runs-on': runsOn }) => ({
    ...{ name, kind, isDeclared: originOf(['pools', name, 'kind']) !== undefined },
    ...labelsAndGroupOf(runsOn as RunsOnValue),
  }));
}

/** Answers after an internal error. No further run is cancelled. */
export function safeAnswer(step: Step): void {
  step.outputs.set('rescued', 0);
}

/** Changes stuck runs beyond the first `maxRuns` to the reason `limit`. */
function limit(considered: readonly JudgedRun[], maxRuns: number): JudgedRun[] {
  let left = maxRuns;
  return considered.map((one) => {
    if (one.reason !== 'stuck') return one;
    left -= 1;
    return left >= 0
      ? one
      : { ...one, reason: 'limit', why: `'max-runs' is ${maxRuns}, and older runs are rescued first` };
  });
}

async function publish(
  step: Step,
  { reported, unlisted }: { reported: readonly ReportedRun[]; unlisted: readonly Unlisted[] },
  { dryRun }: Readonly<RescueInputs>,
): Promise<void> {
  for (const { run, outcome } of reported) {
    if (outcome?.result === 'lost')
      step.annotate(
        'warning',
        `Run ${run.id} was cancelled and could not be re-run (${outcome.why}). Re-run all of its jobs by hand: ${run.url}`,
      );
    else if (outcome?.result === 'unsure')
      step.annotate(
        'warning',
        `Run ${run.id} may have been cancelled (${outcome.why}). If it was, re-run all of its jobs by hand: ${run.url}`,
      );
    else if (outcome?.result === 'left')
      step.annotate('warning', `Run ${run.id} was not rescued: ${outcome.why}.`);
  }
  step.log.info(`${headline(reported, dryRun)}.`);
  step.summary.add(renderSummary(reported, dryRun, unlisted));
  step.outputs.set('considered', reported.length);
  step.outputs.set('rescued', reported.filter(({ outcome }) => outcome?.result === 'rescued').length);
  await step.report('rescue-queued-jobs', makeReport(reported, dryRun, unlisted));
}
