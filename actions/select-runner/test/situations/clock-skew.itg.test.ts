// The machine's clock may be wrong: ages are computed with GitHub's clock.
import { expect, it } from 'vitest';
import { ago, fleet, labels, runner, select } from '../run-select-runner.ts';

it.each([-25, 25])(
  'select-runner computes the age of jobs with GitHub’s clock when the machine’s clock is %s minutes off',
  async (minutes) => {
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
  },
);

it.each([-25, 25])(
  'select-runner finds competing runs when the machine’s clock is %s minutes off',
  async (minutes) => {
    const first = { id: 5, status: 'in_progress', created_at: ago(0.2 - minutes) };
    const given = fleet({ now: ago(-minutes), runners: [runner(1)], runs: [first] });
    expect((await select({ fleet: given })).outputs).toMatchObject({ reason: 'busy' });
  },
);
