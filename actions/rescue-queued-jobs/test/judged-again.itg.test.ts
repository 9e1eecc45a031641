// What happens between the judgement of a run and its cancel.
import type { Fleet } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { ago, fleet, runRescue, stuck } from './run-rescue.ts';

type Entry = ReturnType<typeof stuck>;

function withMachineBack(before: Fleet): Fleet {
  const [app, ...others] = before.repositories;
  const runners = app!.runners!.map((runner) => ({ ...runner, status: 'online' as const }));
  return { ...before, repositories: [{ ...app!, runners }, ...others] };
}

function withRun(before: Fleet, { run, job }: Entry): Fleet {
  const others = before.runs!.filter(({ id }) => id !== run.id);
  return { ...before, runs: [...others, run], jobs: [...before.jobs!, job] };
}

const working = { status: 'in_progress' as const, runner_id: 5, runner_name: 'x', started_at: ago(0) };
const newer = (id: number, status: string, job: Partial<Entry['job']>): Entry =>
  stuck(id, { status, path: '.github/workflows/other.yml', created_at: ago(3) }, job);

const withNewRuns =
  (amount: number) =>
  (before: Fleet): Fleet =>
    Array.from({ length: amount }, (_, index) => newer(200 + index, 'in_progress', { labels: ['x'] })).reduce(
      withRun,
      before,
    );

it('says that too many runs have started to check each of them', async () => {
  const meanwhile = { after: /\/workflows\/ci\.yml\/runs/, change: withNewRuns(15) };
  const { posts, annotations } = await runRescue(fleet([stuck(1)]), {}, undefined, {}, meanwhile);
  expect(posts).toEqual([]);
  expect(annotations[0]?.message).toMatch(/Run 1 was not rescued: .*too many other runs have started since/);
});

it.each<[string, (before: Fleet) => Fleet, Record<string, string>]>([
  ['a machine of its pool has come back', withMachineBack, { 'runner-token': 'admin' }],
  ['a new run has started there', (before) => withRun(before, newer(2, 'in_progress', working)), {}],
  [
    'a run that was queued has started there',
    (before) => withRun(before, stuck(3, { status: 'in_progress', updated_at: ago(0) }, working)),
    {},
  ],
  [
    'a newer run of its workflow and branch has succeeded',
    (before) =>
      withRun(before, stuck(4, { status: 'completed', conclusion: 'success', created_at: ago(2) }, working)),
    {},
  ],
  ['more runs are in progress than could be read', withNewRuns(101), {}],
])('leaves a run when, right before the cancel, %s', async (_case, change, inputs) => {
  const queued = stuck(3, { created_at: ago(11) });
  const { posts, report } = await runRescue(
    fleet([stuck(1), queued]),
    inputs,
    undefined,
    {},
    {
      after: /\/workflows\/ci\.yml\/runs/,
      change,
    },
  );
  expect(posts).toEqual([]);
  expect(report?.runs.find(({ id }) => id === 1)).toMatchObject({ reason: 'stuck', result: 'left' });
});
