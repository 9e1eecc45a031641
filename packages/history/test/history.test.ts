import type { RunJob } from '@runner-actions/github';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../src/history.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const pool = { labels: ['self-hosted', 'Linux'], group: undefined };

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
