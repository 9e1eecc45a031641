import { type Config, nearestOf, orderedPools, type StepConfig } from '@runner-actions/config';
import { type Job, parseShare, UserError } from '@runner-actions/core';
import type { SelectInputs } from '../inputs.ts';
import type { AskedJob } from './jobs.ts';
import { fromConfig, fromLabels, isKnownSelfHosted, isSelfHosted, type Pool } from './pool.ts';
import { rolloutPoint } from './rollout.ts';
import { describe, type RunsOn } from './runs-on.ts';

export interface QuestionJob extends AskedJob {
  /** Names of the pools it may go to, the preferred one first. */
  pools: readonly string[];
  /** It may leave hosted runners when `point` is below `share`. */
  rollout: { name: string; share: number; point: number };
}

/** What is to be decided, with every choice made: inputs before configuration before defaults. */
export interface Question extends Pick<SelectInputs, 'placement' | 'onError' | 'dryRun'> {
  pools: readonly Pool[];
  jobs: readonly QuestionJob[];
  fallback: RunsOn | 'fail' | 'skip';
  /** A pool's name, or `hosted`. */
  force: string | undefined;
  trust: readonly string[];
  breaker: Config['breaker'];
  currency: string;
  /** Why the configuration is unknown: then nothing is known of any pool, and the fallback is taken. */
  unknown: string | undefined;
}

type Team = Pick<StepConfig, 'kind' | 'config' | 'path' | 'why'>;

/** @throws UserError for names that the configuration does not have, and for hosted runners where there are none */
export function makeQuestion(inputs: Readonly<SelectInputs>, team: Team, job: Job): Question {
  const { config } = team;
  const pools = poolsOf(inputs, team);
  // Where there are no hosted runners, a configuration that could not be fetched leaves nowhere to go.
  const otherwise = team.kind === 'unknown' && !hasHostedRunners(job) ? 'fail' : 'ubuntu-latest';
  const fallback = inputs.fallback ?? (config.fallback as RunsOn | undefined) ?? otherwise;
  const jobs = inputs.jobs.map((asked) => ({ ...asked, ...choicesOf(asked, inputs, team, pools, job) }));
  const question = {
    pools,
    jobs,
    fallback,
    placement: inputs.placement,
    force: forceOf(inputs.force, pools, team),
    trust: inputs.trust ?? [config.trust ?? []].flat().filter((entry) => entry !== 'same-repository'),
    breaker: config.breaker,
    onError: inputs.onError,
    dryRun: inputs.dryRun,
    currency: config.metrics?.currency ?? 'USD',
    unknown: team.kind === 'unknown' ? `the configuration could not be fetched (${team.why})` : undefined,
  };
  refuseHostedOnServer(question, job);
  return question;
}

function poolsOf({ labels, overrides }: Readonly<SelectInputs>, team: Team): Pool[] {
  if (labels.length > 0) return [fromLabels(labels, overrides)];
  const pools = orderedPools(team.config).map((pool) => fromConfig(pool, overrides));
  if (pools.length > 0 || team.kind === 'unknown') return pools;
  const why = team.kind === 'none' ? `there is no ${team.path}` : `${team.path} declares no pools`;
  throw new UserError(
    `Input 'labels' is empty, and ${why}. Name the labels of your runners, for example 'self-hosted, linux, x64', or declare pools.`,
  );
}

function choicesOf(
  asked: AskedJob,
  inputs: Readonly<SelectInputs>,
  team: Team,
  pools: readonly Pool[],
  job: Job,
): Pick<QuestionJob, 'pools' | 'rollout'> {
  const all = pools.map(({ name }) => name);
  const name = asked.class ?? inputs.class;
  const isLabels = inputs.labels.length > 0;
  if (name === undefined || isLabels || team.kind === 'unknown')
    return { pools: all, rollout: rolloutOf(inputs.rollout, team, job) };
  const classes = team.config.classes ?? {};
  const chosen = ownOf(classes, name);
  if (chosen === undefined) throw unknownName('class', name, Object.keys(classes), team.path);
  return { pools: chosen.pools ?? all, rollout: rolloutOf(inputs.rollout ?? chosen.rollout, team, job) };
}

function rolloutOf(
  given: string | undefined,
  { kind, config, path }: Team,
  job: Job,
): QuestionJob['rollout'] {
  if (given === undefined) return { name: '', share: 1, point: 0 };
  const isShare = given.endsWith('%');
  const share = isShare ? parseShare(given) : ownOf(config.rollout ?? {}, given);
  if (share === undefined && kind !== 'unknown')
    throw unknownName('rollout', given, Object.keys(config.rollout ?? {}), path);
  const name = isShare ? '' : given;
  const subject = {
    repositoryId: job.repository.id || job.repository.fullName,
    name,
    subject: subjectOf(job),
  };
  return { name, share: share ?? 0, point: rolloutPoint(subject) };
}

/** What the configuration says under a name, not what every object has, such as `constructor`. */
function ownOf<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** A pull request keeps its place over all its pushes; else a run over all its attempts. */
function subjectOf(job: Job): string {
  const number = (job.payload() as { pull_request?: { number?: unknown } } | undefined)?.pull_request?.number;
  return typeof number === 'number' ? `pull request ${number}` : `run ${job.runId}`;
}

function forceOf(
  given: string | undefined,
  pools: readonly Pool[],
  { kind, path }: Team,
): string | undefined {
  if (given === undefined || given === 'hosted' || pools.some(({ name }) => name === given)) return given;
  // During an outage the switch must work: what cannot be looked up means hosted.
  if (kind === 'unknown') return 'hosted';
  throw unknownName('force', given, ['hosted', ...pools.map(({ name }) => name)], path);
}

function unknownName(input: string, given: string, known: readonly string[], path: string): UserError {
  const nearest = nearestOf(given, known);
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  const names = known.length === 0 ? `and ${path} declares none` : `expected one of ${known.join(', ')}`;
  return new UserError(`Input '${input}' is '${given}': ${names}.${hint}`);
}

/** An Enterprise Server has none: a job sent there would wait for a day. */
function hasHostedRunners({ serverUrl }: Job): boolean {
  const { host } = new URL(serverUrl);
  return host === 'github.com' || host.endsWith('.ghe.com');
}

function refuseHostedOnServer({ pools, fallback }: Question, job: Job): void {
  if (hasHostedRunners(job)) return;
  const { host } = new URL(job.serverUrl);
  const hosted = pools.find((pool) => !isSelfHosted(pool));
  if (hosted !== undefined)
    throw new UserError(
      `The pool '${hosted.name}' is hosted, and ${host} has no hosted runners. Declare its own runners.`,
    );
  if (fallback === 'fail' || fallback === 'skip' || isKnownSelfHosted(fallback, pools)) return;
  throw new UserError(
    `The fallback is ${describe(fallback)}, and ${host} has no hosted runners. Set 'fallback' to labels with 'self-hosted', or to 'fail' or 'skip'.`,
  );
}
