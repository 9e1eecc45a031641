import type { Job } from '@runner-actions/core';
import type { GitHub, Run } from '@runner-actions/github';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRunsAhead, openCompetingRuns } from '../../src/pool-facts/competing-runs-io.ts';
import { pool, seen } from '../decide/fixtures.ts';

const runs = (amount: number) =>
  Array.from({ length: amount }, (_, index) => ({ id: amount - index, status: 'queued' }));
const view = (amount: number) => {
  const all = runs(amount);
  const last = Math.floor((amount - 1) / 100) * 100;
  return {
    newest: all.slice(0, 100),
    oldest: amount > 100 ? all.slice(last) : all.slice(0, 100),
    total: amount,
  };
};

it('countRunsAhead is exact for up to 100 runs, and does not count finished runs', () => {
  expect(countRunsAhead(view(5), 3)).toBe(2);
  const ended = { ...view(3), newest: runs(3).map((run) => ({ ...run, status: 'completed' })) };
  expect(countRunsAhead({ ...ended, oldest: ended.newest }, 3)).toBe(0);
});

it.each([
  ['queued', 2],
  ['in_progress', 2],
  ['requested', 2],
  ['a status of next year', 2],
  ['waiting', 0],
  ['pending', 0],
  ['completed', 0],
])('countRunsAhead counts, of two earlier runs with the status %s, %i', (status, expected) => {
  const others = runs(3).map((run) => ({ ...run, status }));
  expect(countRunsAhead({ newest: others, oldest: others, total: 3 }, 3)).toBe(expected);
});

it('countRunsAhead never returns fewer runs than there are ahead', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 450 }), fc.nat(), (amount, pick) => {
      const id = (pick % amount) + 1;
      expect(countRunsAhead(view(amount), id)).toBeGreaterThanOrEqual(id - 1);
    }),
  );
});

it('countRunsAhead is exact for the oldest of 1000 runs', () => {
  expect(countRunsAhead(view(1000), 1)).toBe(0);
  expect(countRunsAhead(view(1000), 60)).toBe(59);
});

it('openCompetingRuns counts jobs without room in one pool for the next pool, and reads the runs once', async () => {
  let calls = 0;
  const others = [1, 2, 3].map((id) => ({
    id,
    event: 'push',
    status: 'queued',
    created_at: '2026-11-21T12:00:00Z',
  }));
  const get = async () => {
    calls += 1;
    return { workflow_runs: others, total_count: others.length };
  };
  const github = { get, now: () => 0 } as unknown as GitHub;
  const workflow = { GITHUB_WORKFLOW_REF: 'octo/app/.github/workflows/ci.yml@main' };
  const job = {
    environment: workflow,
    repository: { owner: 'octo', name: 'app' },
    runId: '9',
  } as unknown as Job;
  const freeRequested: number[] = [];
  const observe = async (_pool: unknown, enough: number) => {
    freeRequested.push(enough);
    return seen(2);
  };
  const history = { runs: () => undefined };
  const addCompetingJobs = openCompetingRuns({ github, job, wanted: 2, observe, history });
  expect(await addCompetingJobs(pool('queue', { whenBusy: 'queue' }), seen(2))).toEqual({
    observation: seen(2),
  });
  expect(await addCompetingJobs(pool('a'), seen(1))).toEqual({ observation: seen(2), ahead: 6 });
  expect(await addCompetingJobs(pool('b'), seen(1))).toEqual({ observation: seen(2), ahead: 4 });
  expect([calls, freeRequested]).toEqual([1, [8, 6]]);
});

it.each([
  ['reads nothing again if the newest runs reach back for a minute', 61, 0],
  ['reads the runs of the workflow if all of the newest runs began within a minute', 59, 1],
])('openCompetingRuns %s', async (_case, age, expected) => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const newest = Array.from({ length: 100 }, (_, index) => ({
    ...{ id: 200 - index, status: 'queued', createdAt: now - (index * age * 1000) / 99 },
    workflowPath: index % 2 === 0 ? '.github/workflows/ci.yml' : '.github/workflows/other.yml',
  })) as Run[];
  let calls = 0;
  const get = async () => {
    calls += 1;
    return { workflow_runs: [], total_count: 0 };
  };
  const addCompetingJobs = openCompetingRuns({
    github: { get, now: () => now } as unknown as GitHub,
    job: {
      environment: { GITHUB_WORKFLOW_REF: 'octo/app/.github/workflows/ci.yml@main' },
      repository: { owner: 'octo', name: 'app' },
      runId: '200',
    } as unknown as Job,
    wanted: 1,
    observe: async () => seen(90),
    history: { runs: () => newest },
  });
  const { ahead } = await addCompetingJobs(pool('a'), seen(90));
  expect(calls).toBe(expected);
  // Of the 50 runs of this workflow, one is this run, and one began more than a minute ago.
  if (expected === 0) expect(ahead).toBe(48);
});
