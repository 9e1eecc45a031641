import type { GitHub } from '@runner-actions/github';
import { expect, it } from 'vitest';
import { openHistory } from '../src/history-io.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number): string => new Date(now - hours * 3_600_000).toISOString();

/** Creates a server with that many finished runs, the oldest of that age in hours. */
function serve(amount: number, age: number): GitHub {
  const runs = Array.from({ length: amount }, (_, index) => ({
    ...{ id: index + 1, event: 'push', status: 'completed', created_at: hoursAgo((age * index) / amount) },
  }));
  runs.push({ id: 500, event: 'push', status: 'completed', created_at: hoursAgo(age) });
  return {
    get: async () => ({ total_count: runs.length, workflow_runs: runs.slice(0, 100) }),
    now: () => now,
  } as unknown as GitHub;
}

it.each([
  ['knows', 'there are fewer than 100 runs', 40, 2, true],
  ['knows', 'the newest 100 runs reach back for longer than a job can be queued', 99, 25, true],
  ['does not know', 'an unfinished run may be hidden behind 120 newer ones', 120, 2, false],
])('%s all unfinished runs if %s', async (_does, _case, amount, age, isComplete) => {
  const history = openHistory({ owner: 'octo', name: 'app' }, '1');
  expect(await history.readUnfinished(serve(amount, age))).toBe(isComplete);
});
