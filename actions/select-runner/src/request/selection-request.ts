import { type Config, closestName, orderedPools, type StepConfig } from '@runner-actions/config';
import { isGitHubCloud, type Job, parseShare, UserError } from '@runner-actions/core';
import type { SelectInputs } from '../inputs.ts';
import type { JobSpec } from './jobs.ts';
import { poolFromConfig, poolFromLabels, isKnownSelfHosted, isSelfHosted, type Pool } from './pool.ts';
import { rolloutPoint } from './rollout.ts';
import { describeRunsOn, type RunsOn } from './runs-on.ts';

export interface RequestedJob extends JobSpec {
  /** Names of the pools that this job may use, the preferred one first. */
  pools: readonly string[];
  /** The job may use self-hosted runners when `point` is below `share`. */
  rollout: { name: string; share: number; point: number };
}

/** All settings of one selection, resolved: inputs override the configuration, which overrides the defaults. */
export interface SelectionRequest extends Pick<
  SelectInputs,
  'placement' | 'maxParallel' | 'onError' | 'dryRun'
> {
  pools: readonly Pool[];
  jobs: readonly RequestedJob[];
  fallback: RunsOn | 'fail' | 'skip';
  /** A pool's name, or `hosted`. */
  force: string | undefined;
  trust: readonly string[];
  breaker: Config['breaker'];
  currency: string;
  /** Why the configuration could not be read. No pool is known then, and all jobs go to the fallback. */
  unknown: string | undefined;
}

type TeamConfig = Pick<StepConfig, 'kind' | 'config' | 'path' | 'why'>;

/**
 * Merges the inputs with the team's configuration.
 * @throws UserError for names that the configuration does not have, and for hosted runners on a server without them
 */
export function buildRequest(inputs: Readonly<SelectInputs>, team: TeamConfig, job: Job): SelectionRequest {
  const { config } = team;
  const pools = poolsOf(inputs, team);
  // Without a configuration and without hosted runners, no runner is left for the job.
  const defaultFallback = team.kind === 'unknown' && !isGitHubCloud(job) ? 'fail' : 'ubuntu-latest';
  const fallback = inputs.fallback ?? (config.fallback as RunsOn | undefined) ?? defaultFallback;
  const jobs = inputs.jobs.map((spec) => ({ ...spec, ...poolsAndRollout(spec, inputs, team, pools, job) }));
  const request = {
    pools,
    jobs,
    fallback,
    placement: inputs.placement,
    maxParallel: inputs.maxParallel,
    force: forceOf(inputs.force, pools, team),
    trust: inputs.trust ?? [config.trust ?? []].flat().filter((entry) => entry !== 'same-repository'),
    breaker: config.breaker,
    onError: inputs.onError,
    dryRun: inputs.dryRun,
    currency: config.metrics?.currency ?? 'USD',
    unknown: team.kind === 'unknown' ? `the configuration could not be fetched (${team.why})` : undefined,
  };
  requireHostedRunners(request, job);
  return request;
}

function poolsOf({ labels, overrides }: Readonly<SelectInputs>, team: TeamConfig): Pool[] {
  if (labels.length > 0) return [poolFromLabels(labels, overrides)];
  const pools = orderedPools(team.config).map((pool) => poolFromConfig(pool, overrides));
  if (pools.length > 0 || team.kind === 'unknown') return pools;
  const why = team.kind === 'none' ? `there is no ${team.path}` : `${team.path} declares no pools`;
  throw new UserError(
    `Input 'labels' is empty, and ${why}. Name the labels of your runners, for example 'self-hosted, linux, x64', or declare pools.`,
  );
}

function poolsAndRollout(
  spec: JobSpec,
  inputs: Readonly<SelectInputs>,
  team: TeamConfig,
  pools: readonly Pool[],
  job: Job,
): Pick<RequestedJob, 'pools' | 'rollout'> {
  const all = pools.map(({ name }) => name);
  const name = spec.class ?? inputs.class;
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
  { kind, config, path }: TeamConfig,
  job: Job,
): RequestedJob['rollout'] {
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

/** Returns the map's own value for a name, and never an inherited one such as `constructor`. */
function ownOf<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** A pull request has the same subject for all its pushes; any other run has the same subject for all its attempts. */
function subjectOf(job: Job): string {
  const number = (job.payload() as { pull_request?: { number?: unknown } } | undefined)?.pull_request?.number;
  return typeof number === 'number' ? `pull request ${number}` : `run ${job.runId}`;
}

function forceOf(
  given: string | undefined,
  pools: readonly Pool[],
  { kind, path }: TeamConfig,
): string | undefined {
  if (given === undefined || given === 'hosted' || pools.some(({ name }) => name === given)) return given;
  // The switch must work during an outage: if the pool names are not known, `force` means hosted.
  if (kind === 'unknown') return 'hosted';
  throw unknownName('force', given, ['hosted', ...pools.map(({ name }) => name)], path);
}

function unknownName(input: string, given: string, known: readonly string[], path: string): UserError {
  const nearest = closestName(given, known);
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  const names = known.length === 0 ? `and ${path} declares none` : `expected one of ${known.join(', ')}`;
  return new UserError(`Input '${input}' is '${given}': ${names}.${hint}`);
}

/** Checks that no job goes to a hosted runner on a server that has none. It would wait for a day. */
function requireHostedRunners({ pools, fallback }: SelectionRequest, job: Job): void {
  if (isGitHubCloud(job)) return;
  const host = URL.parse(job.serverUrl)?.host ?? job.serverUrl;
  const hosted = pools.find((pool) => !isSelfHosted(pool));
  if (hosted !== undefined)
    throw new UserError(
      `The pool '${hosted.name}' is hosted, and ${host} has no hosted runners. Use self-hosted runners in this pool, or remove the pool.`,
    );
  if (fallback === 'fail' || fallback === 'skip' || isKnownSelfHosted(fallback, pools)) return;
  throw new UserError(
    `The fallback is ${describeRunsOn(fallback)}, and ${host} has no hosted runners. Set 'fallback' to labels with 'self-hosted', or to 'fail' or 'skip'.`,
  );
}
