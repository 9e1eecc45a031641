import type { RunJob } from '@runner-actions/github';
import { describe, expect, it } from 'vitest';
import { poolLife } from '../src/observation.ts';
import { observeByJobs, observeByRunners } from '../src/queued-job-pool.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const ago = (minutes: number) => now - minutes * 60_000;
const job = (change: Partial<RunJob> = {}): RunJob => ({
  ...{
    id: 1,
    name: 'build',
    status: 'queued',
    conclusion: undefined,
    labels: ['self-hosted', 'Linux'],
    runnerId: undefined,
  },
  ...{
    runnerName: undefined,
    runnerGroup: undefined,
    createdAt: ago(10),
    startedAt: undefined,
    completedAt: undefined,
    steps: [],
  },
  ...change,
});

describe('the pool of a queued job', () => {
  it.each([
    ['no other jobs', [], 'dead'],
    ['a job is running there', [job({ status: 'in_progress', runnerId: 1, startedAt: ago(99) })], 'alive'],
    ['a job was taken later', [job({ status: 'completed', runnerId: 1, startedAt: ago(5) })], 'alive'],
    ['a job was taken earlier', [job({ status: 'completed', runnerId: 1, startedAt: ago(11) })], 'dead'],
    [
      'a job with more labels is running',
      [job({ labels: ['Self-Hosted', 'linux', 'gpu'], status: 'in_progress', runnerId: 1 })],
      'alive',
    ],
    ['a job of another pool', [job({ labels: ['self-hosted'], status: 'in_progress', runnerId: 1 })], 'dead'],
  ])('observeByJobs, with this evidence: %s', (_name, jobs, state) =>
    expect(poolLife(observeByJobs(job(), jobs))).toBe(state),
  );

  it('observeByRunners: it is alive when an online runner has all the labels', () => {
    const runner = (labels: string[], online = true) => ({ labels, online, busy: true });
    expect(poolLife(observeByRunners(job(), [runner(['Self-Hosted', 'linux', 'gpu'])]))).toBe('alive');
    expect(
      poolLife(observeByRunners(job(), [runner(['self-hosted', 'linux'], false), runner(['self-hosted'])])),
    ).toBe('dead');
  });
});
