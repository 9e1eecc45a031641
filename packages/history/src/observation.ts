import { type FailureKind, hasLabels } from '@runner-actions/github';
import type { ObservedPool } from './pool.ts';

export const sources = ['runners-api', 'scale-set-metrics', 'history', 'heartbeat', 'static'] as const;
export type Source = (typeof sources)[number];
export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

/** What was found out about a pool: counts, or that nothing could be found out. `unknown` is never a yes or a no. */
export type Observation = Seen | Unknown;

/**
 * Looks at a pool. It never throws for what GitHub answers: that is `unknown`.
 * @param enough how many free runners are enough to stop looking; 0: any that is online
 */
export type Observe = (pool: ObservedPool, enough: number) => Promise<Observation>;

export interface Seen {
  kind: 'seen';
  source: Source;
  confidence: Confidence;
  /** Runners that have all the labels and that this repository may use. */
  matching: number;
  online: number;
  /** Online, not busy, and fit to take a job. */
  free: number;
  /** Runners that have the labels but whose group this repository may not use. */
  hidden: number;
  /** A scale set that has all it may have, or whose runners fail to start. */
  state?: 'saturated' | 'degraded';
  /** What people should know of how it was seen; '' when nothing. */
  detail: string;
  /** The answer is only a part of what was asked for, or contradicts another one. */
  warning?: string;
}

export interface Unknown {
  kind: 'unknown';
  source: Source;
  reason: 'token-missing' | 'rate-limited' | 'unknown';
  failed: boolean;
  detail: string;
}

/** Whether a pool is alive: it is as long as a runner of it is online. The same answer for all who ask. */
export function lifeOf(observation: Observation): 'alive' | 'dead' | 'unknown' {
  if (observation.kind === 'unknown') return 'unknown';
  return observation.online > 0 ? 'alive' : 'dead';
}

export interface RunnerFacts {
  online: boolean;
  busy: boolean;
  labels: readonly string[];
  version?: string | undefined;
}

/** Older runners register and get no job. Source: GitHub's changelog of 2026-06-12 on the minimum version of runners. */
const oldestVersion = [2, 329, 0];

/** How many runners there are of a pool. */
type Counts = Pick<Seen, 'matching' | 'online' | 'free'>;

/** Whether there is no need to look further: a runner is online, and so many are free. */
export function isEnough({ online, free }: Pick<Counts, 'online' | 'free'>, enough: number): boolean {
  return online > 0 && free >= enough;
}

/** Counts of the runners that match. */
export function count(runners: readonly RunnerFacts[], labels: readonly string[]): Counts {
  const matching = runners.filter((runner) => hasLabels(runner, labels));
  const online = matching.filter((runner) => runner.online);
  return {
    matching: matching.length,
    online: online.length,
    free: online.filter((runner) => !runner.busy && !isTooOld(runner)).length,
  };
}

/** A version that cannot be read is not held against a runner: GitHub gives it since late, and not everywhere. */
function isTooOld({ version }: Pick<RunnerFacts, 'version'>): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return false;
  const different = parts.findIndex((part, index) => part !== oldestVersion[index]);
  return different >= 0 && (parts[different] ?? 0) < (oldestVersion[different] ?? 0);
}

/** A source that gave nothing. */
export function unknown(
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
