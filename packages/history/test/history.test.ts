import type { RunJob } from '@runner-actions/github';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../src/history.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const pool = {
  ...{ labels: ['self-hosted', 'Linux'], group: undefined },
  ...{ kind: 'runners' as const, maxRunners: undefined },
};

function job(change: Partial<RunJob>): RunJob {
  return {
    id: 1,
    name: 'build',
    status: 'completed',
    conclusion: 'success',
    labels: ['self-hosted', 'linux'],
    runnerId: 7,
    runnerName: 'r7',
    runnerGroup: 'Default',
    createdAt: minutesAgo(6),
    startedAt: minutesAgo(5),
    completedAt: minutesAgo(1),
    steps: [],
    ...change,
  };
}
const queued = (minutes: number, change: Partial<RunJob> = {}) =>
  job({
    id: 2,
    status: 'queued',
    conclusion: undefined,
    runnerId: undefined,
    runnerName: undefined,
    startedAt: undefined,
    createdAt: minutesAgo(minutes),
    ...change,
  });

describe('readHistory', () => {
  it('reports a pool as alive when a runner took a job 5 minutes ago', () => {
    expect(readHistory([job({})], pool, now)).toMatchObject({
      kind: 'seen',
      source: 'history',
      confidence: 'medium',
      online: 1,
      free: 1,
    });
  });

  it('reports a pool as dead when a job has been queued for 12 minutes and none was taken since then', () => {
    expect(readHistory([queued(12), job({ startedAt: minutesAgo(40) })], pool, now)).toMatchObject({
      online: 0,
      free: 0,
    });
  });

  it('does not count runners as free that are busy or that queued jobs need', () => {
    const running = job({ status: 'in_progress', conclusion: undefined });
    expect(readHistory([running], pool, now)).toMatchObject({ online: 1, free: 0 });
    expect(readHistory([job({}), queued(1)], pool, now)).toMatchObject({ online: 1, free: 0 });
  });

  it.each([
    ['no jobs', []],
    ['a job that waits for approval', [queued(30, { status: 'waiting' })]],
    ['a hosted runner with the labels of the pool', [job({ runnerGroup: 'GitHub Actions' })]],
    ['a job that was taken an hour ago', [job({ startedAt: minutesAgo(60) })]],
    ['a job for another pool', [job({ labels: ['self-hosted', 'macOS'] })]],
    ['a job that requests fewer labels', [job({ labels: ['self-hosted'] })]],
    ['a job that has waited for a minute', [queued(1)]],
  ])('returns undefined for %s', (_name, jobs) => expect(readHistory(jobs, pool, now)).toBeUndefined());
});

describe.each(['scale-set', 'autoscaled'] as const)('readHistory of a pool of kind %s', (kind) => {
  const onDemand = { ...pool, kind };
  /** A job that was taken three hours ago, after it had waited for its runner for so many minutes. */
  const taken = (waited: number) => job({ createdAt: minutesAgo(180 + waited), startedAt: minutesAgo(180) });

  it.each([
    ['a job has waited for 4 minutes, and earlier ones for 3', [queued(4), taken(3)], 'starting'],
    [
      'a job has waited for 4 minutes, and earlier ones found a warm runner',
      [queued(4), taken(0)],
      'starting',
    ],
    ['a job has waited for 9 minutes, and there is no earlier one', [queued(9)], 'starting'],
  ])('says that its runners may be starting while %s', (_case, jobs, reason) =>
    expect(readHistory(jobs, onDemand, now)).toMatchObject({ kind: 'unknown', reason, failed: false }),
  );

  it.each([
    ['a job has waited for 7 minutes, and earlier ones for 3', [queued(7), taken(3)]],
    ['a job has waited for 11 minutes, and there is no earlier one', [queued(11)]],
  ])('counts it as dead when %s', (_case, jobs) =>
    expect(readHistory(jobs, onDemand, now)).toMatchObject({ kind: 'seen', online: 0 }),
  );

  it('proves nothing by a job of three hours ago alone', () =>
    expect(readHistory([taken(3)], onDemand, now)).toBeUndefined());

  it('has room for as many jobs as its maximum leaves beside those that are queued or in progress', () => {
    const running = job({ status: 'in_progress', conclusion: undefined });
    const limited = (maxRunners: number) =>
      readHistory([running, queued(1)], { ...onDemand, maxRunners }, now);
    expect(limited(5)).toMatchObject({ kind: 'seen', online: 1, free: 3 });
    expect(limited(2)).toMatchObject({ kind: 'seen', free: 0, state: 'saturated' });
  });

  it('has no room while a job waits for unusually long, whatever its maximum', () => {
    const running = job({ id: 3, status: 'in_progress', conclusion: undefined, startedAt: minutesAgo(14) });
    const jobs = [running, queued(13), taken(3)];
    expect(readHistory(jobs, { ...onDemand, maxRunners: 5 }, now)).toMatchObject({ online: 1, free: 0 });
  });
});
