import { isGitHubCloud, type Job } from '@runner-actions/core';
import { type FailureKind, hasLabels, type Runner } from '@runner-actions/github';
import type { ObservedPool } from './pool.ts';

export const sources = ['runners-api', 'scale-set-metrics', 'history', 'heartbeat', 'static'] as const;
export type Source = (typeof sources)[number];
export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

/** The facts about a pool: its counts, or `unknown`. `unknown` counts neither as alive nor as dead. */
export type Observation = ObservedFacts | Unknown;

/**
 * Observes a pool. It never throws because of a response of GitHub: the result is then `unknown`.
 * @param enough number of free runners after which the search stops; 0: one online runner is enough
 */
export type Observe = (pool: ObservedPool, enough: number) => Promise<Observation>;

export interface ObservedFacts {
  kind: 'seen';
  source: Source;
  confidence: Confidence;
  /** Number of runners that have all the labels and that this repository may use. */
  matching: number;
  online: number;
  /** Number of online runners that are not busy. */
  free: number;
  /** The free runners, if the source lists them. */
  idle?: readonly ListedRunner[];
  /** The runners that are not online, if the source lists them. */
  offline?: readonly ListedRunner[];
  /** Number of runners that are online and so old that GitHub gives them no jobs. They do not count as online. */
  outdated?: number;
  /** Number of runners that have the labels but belong to a group that this repository may not use. */
  hidden: number;
  /** For a scale set: `saturated` if it has reached its maximum, `degraded` if its runners fail to start. */
  state?: 'saturated' | 'degraded';
  /** Details for users about how the pool was observed; '' if there are none. */
  detail: string;
  /** Set if the observation is incomplete or contradicts another one. */
  warning?: string;
}

export interface Unknown {
  kind: 'unknown';
  source: Source;
  /** `starting`: jobs wait for runners on demand, and not for longer than usual. */
  reason: 'token-missing' | 'rate-limited' | 'starting' | 'unknown';
  failed: boolean;
  detail: string;
  /** How many more jobs the maximum of a pool on demand allows; `undefined` without a maximum. */
  room?: number | undefined;
}

/** Returns whether a pool is alive. It is alive as long as one of its runners is online. */
export function poolLife(observation: Observation): 'alive' | 'dead' | 'unknown' {
  if (observation.kind === 'unknown') return 'unknown';
  return observation.online > 0 ? 'alive' : 'dead';
}

export interface ListedRunner extends Pick<Runner, 'id' | 'name' | 'labels'> {
  /** Whether the runner takes jobs of selected workflow files only. */
  isRestricted: boolean;
}
export type RunnerFacts = Pick<Runner, 'online' | 'busy' | 'labels'> & { version?: string | undefined };

/** The oldest version of a runner that gets jobs, such as `[2, 329, 0]`; `undefined` if the server has no such rule. */
export type OldestVersion = readonly number[] | undefined;

/**
 * Returns the oldest version of a runner that gets jobs. GitHub has enforced it since 2026-09-29, but not on Enterprise
 * Server. Source: GitHub's changelog of 2026-06-12 on the minimum version of runners.
 */
export function oldestVersionOf(job: Pick<Job, 'serverUrl'>): OldestVersion {
  return isGitHubCloud(job) ? [2, 329, 0] : undefined;
}

/** The numbers of runners of a pool. */
type Counts = Pick<ObservedFacts, 'matching' | 'online' | 'free'> & { outdated: number };

/** Returns whether the search can stop: a runner is online, and at least `enough` runners are free. */
export function isEnough({ online, free }: Pick<Counts, 'online' | 'free'>, enough: number): boolean {
  return online > 0 && free >= enough;
}

/** Counts the runners that have all the labels. */
export function count(
  runners: readonly RunnerFacts[],
  labels: readonly string[],
  oldest: OldestVersion,
): Counts {
  const matching = runners.filter((runner) => hasLabels(runner, labels));
  const served = matching.filter((runner) => isServed(runner, oldest));
  return {
    matching: matching.length,
    online: served.length,
    free: served.filter(({ busy }) => !busy).length,
    outdated: matching.filter(({ online }) => online).length - served.length,
  };
}

/** Returns whether a runner is online and recent enough to get jobs. An unknown version counts as recent enough. */
export function isServed({ online, version }: RunnerFacts, oldest: OldestVersion): boolean {
  return online && !(oldest !== undefined && isOlder(version, oldest));
}

function isOlder(version: string | undefined, oldest: readonly number[]): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return false;
  const different = parts.findIndex((part, index) => part !== oldest[index]);
  return different >= 0 && (parts[different] ?? 0) < (oldest[different] ?? 0);
}

/** Creates the observation for a source that returned nothing. */
export function unknownObservation(
  source: Source,
  failures: readonly { kind: FailureKind; message: string }[],
): Unknown {
  const limited = failures.some(({ kind }) => kind === 'rate-limited');
  const detail = failures.map(({ message }) => message).join('; ');
  return {
    kind: 'unknown',
    source,
    reason: limited ? 'rate-limited' : 'unknown',
    failed: failures.length > 0,
    detail,
  };
}
