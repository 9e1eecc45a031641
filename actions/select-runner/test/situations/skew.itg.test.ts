// Clocks differ: ages are told by GitHub's.
import { expect, it } from 'vitest';
import { ago, fleet, labels, runner, select } from '../select.ts';

it.each([-25, 25])('a machine whose clock is %s minutes off judges ages as GitHub does', async (minutes) => {
  const at = (age: number) => ago(age - minutes);
  const taken = {
    status: 'completed' as const,
    conclusion: 'success',
    runner_id: 5,
    runner_name: 'r',
    runner_group_name: 'Default',
  };
  const times = (age: number) => ({ created_at: at(age), started_at: at(age), completed_at: at(age - 1) });
  const choose = async (age: number) =>
    select({
      fleet: fleet({
        now: at(0),
        runs: [{ id: 1, status: 'completed', conclusion: 'success', created_at: at(age) }],
        jobs: [{ id: 2, run_id: 1, name: 'build', labels, ...taken, ...times(age) }],
      }),
      with: { 'runner-token': '' },
    });
  expect((await choose(5)).outputs).toMatchObject({ 'is-self-hosted': 'true', source: 'history' });
  expect((await choose(40)).outputs).toMatchObject({ 'is-self-hosted': 'false' });
});

it.each([-25, 25])(
  'such a machine, %s minutes off, sees the runs that choose at the same moment',
  async (minutes) => {
    const first = { id: 5, status: 'in_progress', created_at: ago(0.2 - minutes) };
    const given = fleet({ now: ago(-minutes), runners: [runner(1)], runs: [first] });
    expect((await select({ fleet: given })).outputs).toMatchObject({ reason: 'busy' });
  },
);
