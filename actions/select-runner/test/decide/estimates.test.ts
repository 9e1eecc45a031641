import { describe, expect, it } from 'vitest';
import type { PastJob } from '@runner-actions/history';
import { estimate } from '../../src/decide/estimates.ts';

const minute = 60_000;
const job = (id: number, labels: string[], runnerGroup: string, waited: number): PastJob => ({
  ...{ id, runId: id, name: 'build', status: 'completed', conclusion: 'success', labels, runnerGroup },
  ...{ runnerId: id, runnerName: `r${id}`, steps: [] },
  ...{ createdAt: 0, startedAt: waited * minute, completedAt: (waited + 30) * minute },
});
const jobs = [
  ...[1, 2, 3].map((id) => job(id, [], 'big', 1)),
  ...[4, 5, 6].map((id) => job(id, [], 'small', 9)),
  ...[7, 8, 9].map((id) => job(id, ['Self-Hosted', 'linux'], 'Default', 4)),
];

describe('estimate', () => {
  it.each([
    ['labels, in any case and order', { labels: ['linux', 'self-hosted'], group: undefined }, 240],
    ['a group', { labels: [], group: 'Big' }, 60],
    ['a group and labels', { labels: ['self-hosted', 'linux'], group: 'default' }, 240],
  ])('uses jobs with the same %s', (_name, wanted, seconds) => {
    const { wait, cost } = estimate(jobs, wanted, 0.5);
    expect(wait).toMatchObject({ median: seconds, samples: 3, confidence: 'low' });
    expect(cost).toMatchObject({ amount: 0.25, samples: 3 });
  });

  it('returns no estimate from fewer than three jobs', () => {
    expect(estimate(jobs, { labels: ['linux'], group: undefined }, 0.5)).toEqual({
      wait: undefined,
      cost: undefined,
    });
  });
});
