import type { Job } from '@runner-actions/core';
import type { GitHub } from '@runner-actions/github';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRivals, openRivals } from '../../src/survey/rivals-io.ts';
import { pool, seen } from '../decide/make.ts';

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

it('is exact among up to 100 runs, and leaves out what has ended', () => {
  expect(countRivals(view(5), 3)).toBe(2);
  const ended = { ...view(3), newest: runs(3).map((run) => ({ ...run, status: 'completed' })) };
  expect(countRivals({ ...ended, oldest: ended.newest }, 3)).toBe(0);
});

it('never says that fewer come first than do, however many runs there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 450 }), fc.nat(), (amount, pick) => {
      const id = (pick % amount) + 1;
      expect(countRivals(view(amount), id)).toBeGreaterThanOrEqual(id - 1);
    }),
  );
});

it('is exact for the oldest of a rush: they get their runners', () => {
  expect(countRivals(view(1000), 1)).toBe(0);
  expect(countRivals(view(1000), 60)).toBe(59);
});

it('hands those that find no room in a pool on to the next one, and asks who they are once', async () => {
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
  const asked: number[] = [];
  const observe = async (_pool: unknown, enough: number) => {
    asked.push(enough);
    return seen(2);
  };
  const contest = openRivals({ github, job, wanted: 2, observe });
  expect(await contest(pool('queue', { whenBusy: 'queue' }), seen(2))).toEqual({ observation: seen(2) });
  expect(await contest(pool('a'), seen(1))).toEqual({ observation: seen(2), ahead: 6 });
  expect(await contest(pool('b'), seen(1))).toEqual({ observation: seen(2), ahead: 4 });
  expect([calls, asked]).toEqual([1, [8, 6]]);
});
