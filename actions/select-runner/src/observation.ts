import type { FailureKind } from '@runner-actions/github';

export type Source = 'runners-api' | 'history' | 'static';
export type Confidence = 'high' | 'medium' | 'low';

/** What was found out about a pool: counts, or that nothing could be found out. `unknown` is never a yes or a no. */
export type Observation =
  | {
      kind: 'seen';
      source: Source;
      confidence: Confidence;
      /** Runners that have all the labels and that this repository may use. */
      matching: number;
      online: number;
      /** Online and not busy. */
      free: number;
      /** Runners that have the labels but whose group this repository may not use. */
      hidden: number;
      detail: string;
    }
  | {
      kind: 'unknown';
      source: Source;
      reason: 'token-missing' | 'rate-limited' | 'unknown';
      failed: boolean;
      detail: string;
    };

export interface RunnerFacts {
  id: number;
  online: boolean;
  busy: boolean;
  labels: readonly string[];
}

/** Whether a runner has all the labels; GitHub compares without regard to case. */
export function hasLabels(runner: { labels: readonly string[] }, wanted: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.toLowerCase()));
  return wanted.every((label) => own.has(label.toLowerCase()));
}

/** Counts of the runners that match. */
export function count(runners: readonly RunnerFacts[], labels: readonly string[]) {
  const matching = runners.filter((runner) => hasLabels(runner, labels));
  const online = matching.filter((runner) => runner.online);
  return {
    matching: matching.length,
    online: online.length,
    free: online.filter((runner) => !runner.busy).length,
  };
}

/** A source that gave nothing. */
export function unknown(
  source: Source,
  failures: readonly { kind: FailureKind; message: string }[],
): Observation {
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
