import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure } from '@runner-actions/github';
import { expect, it } from 'vitest';
import { listUnfinished } from '../src/unfinished-runs-io.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
type Query = Readonly<Record<string, unknown>>;
const job = { repository: { owner: 'octo', name: 'app' }, runId: '9999999' } as unknown as Job;

/** Creates a GitHub server with that many queued runs. The run with the id 1 is the oldest. */
function serve(
  amount: number,
  {
    inProgress = 0,
    totalOf = (count: number): unknown => count,
    change = (run: { id: number }): object => run,
  } = {},
) {
  const requests: string[] = [];
  const runs = Array.from({ length: amount + inProgress }, (_, index) => ({
    ...{ id: index + 1, event: 'push', created_at: new Date(start + index * 1000).toISOString() },
    status: index < amount ? 'queued' : 'in_progress',
  }));
  const get = async (_route: string, query: Query = {}) => {
    const { status, created, page } = query;
    requests.push(`${String(status)} ${String(page)}`);
    const until = created === undefined ? Infinity : Date.parse(String(created).replace('<=', ''));
    const found = runs
      .filter((run) => run.status === status && Date.parse(run.created_at) <= until)
      .reverse();
    const size = 100;
    const shown = found.slice(0, 1000).slice((Number(page) - 1) * size, Number(page) * size);
    return { total_count: totalOf(found.length), workflow_runs: shown.map(change) };
  };
  const github = { get, callsUsed: () => requests.length } as unknown as GitHub;
  return { requests, list: (calls: number) => listUnfinished(github, job, () => requests.length < calls) };
}

it('lists all runs of several pages, the oldest first', async () => {
  const { list, requests } = serve(250, { inProgress: 3 });
  const { runs, unlisted } = await list(20);
  expect(runs.map(({ id }) => id)).toEqual(Array.from({ length: 253 }, (_, index) => index + 1));
  expect(unlisted).toEqual([]);
  expect(requests).toEqual(['in_progress 1', 'queued 1', 'queued 3', 'queued 2']);
});

it('lists the oldest runs if not all can be read, and says how many are missing', async () => {
  const { runs, unlisted } = await serve(650).list(4);
  expect(runs.slice(0, 150).map(({ id }) => id)).toEqual(
    Array.from({ length: 150 }, (_, index) => index + 1),
  );
  expect(unlisted).toMatchObject([
    { status: 'queued', count: 400, why: expect.stringMatching(/'calls'/) as string },
  ]);
});

it.each([
  ['the true total', (count: number) => count],
  ['a total of at most 1,000', (count: number) => Math.min(1000, count)],
  ['a total as text', (count: number) => (count >= 2500 ? '2,500+' : count)],
])('finds the oldest of 2,600 runs, although a search shows 1,000, with %s', async (_, totalOf) => {
  const { runs, unlisted } = await serve(2600, { totalOf }).list(8);
  expect(runs[0]?.id).toBe(1);
  expect(unlisted).toMatchObject([{ status: 'queued' }]);
  const all = await serve(2600, { totalOf }).list(100);
  expect(all.runs).toHaveLength(2600);
  expect(all.unlisted).toEqual([]);
});

it('reads by turns, so that many runs in progress do not hide the oldest queued run', async () => {
  const { runs } = await serve(300, { inProgress: 900 }).list(6);
  expect(runs[0]?.id).toBe(1);
});

it('leaves out the rest of a list after a failure, and says why', async () => {
  const { list } = serve(250, {
    totalOf: (count) => {
      totals += 1;
      if (totals === 3) throw new GitHubFailure('server-error', 'it had a server error');
      return count;
    },
  });
  let totals = 0;
  const { runs, unlisted } = await list(20);
  expect(runs).toHaveLength(100);
  expect(unlisted).toEqual([{ status: 'queued', count: 150, why: 'it had a server error' }]);
});

it('fails if the first page cannot be read', async () => {
  const totalOf = () => {
    throw new GitHubFailure('server-error', 'it had a server error');
  };
  await expect(serve(1, { totalOf }).list(20)).rejects.toThrow('it had a server error');
});

it('reports runs that GitHub counts and does not list', async () => {
  const { unlisted } = await serve(3, { totalOf: (count) => (count === 0 ? 0 : 5) }).list(20);
  expect(unlisted).toMatchObject([{ status: 'queued', count: 2 }]);
});

it('lists the other runs when one does not have the documented shape', async () => {
  const { list } = serve(3, { change: (run) => (run.id === 2 ? { ...run, created_at: null } : run) });
  const { runs, unlisted } = await list(20);
  expect(runs.map(({ id }) => id)).toEqual([1, 3]);
  expect(unlisted).toEqual([{ status: 'queued', count: 1, why: '1 do not have the documented shape' }]);
});

it('reports runs that were missed because the list changed between two pages', async () => {
  const { unlisted } = await serve(199, { totalOf: (count) => (count === 0 ? 0 : 200) }).list(20);
  expect(unlisted).toEqual([{ status: 'queued', count: 1, why: 'the list changed while it was read' }]);
});
