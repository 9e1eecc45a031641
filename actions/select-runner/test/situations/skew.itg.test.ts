// Clocks differ: ages are told by GitHub's.
import { expect, it } from 'vitest';
import { fleet, labels, select } from '../select.ts';
import { ago } from './past.ts';

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
