import type { FleetJob, FleetRun, FleetStep } from '@runner-actions/testing';
import { ago, labels } from '../run-select-runner.ts';

/** A run with one job. `at`: how many minutes ago the run was created. */
export interface Past {
  at: number;
  job?: Partial<FleetJob>;
  run?: Partial<FleetRun>;
}

/** Creates runs and their jobs. By default each job started half a minute later, succeeded, and took a minute. */
export function past(...entries: Past[]): { runs: FleetRun[]; jobs: FleetJob[] } {
  return {
    runs: entries.map(({ at, run, job }, index) => {
      const isOver = (job?.status ?? 'completed') === 'completed';
      return {
        id: 100 + index,
        status: isOver ? 'completed' : 'in_progress',
        conclusion: isOver ? (job?.conclusion ?? 'success') : null,
        created_at: ago(at),
        ...run,
      };
    }),
    jobs: entries.map(({ at, job }, index) => ({
      id: 1000 + index,
      run_id: 100 + index,
      name: 'build',
      status: 'completed',
      conclusion: 'success',
      labels,
      runner_id: 5,
      runner_name: 'r5',
      runner_group_name: 'Default',
      created_at: ago(at),
      started_at: ago(at - 0.5),
      completed_at: ago(at - 1.5),
      ...job,
    })),
  };
}

export const queued: Partial<FleetJob> = {
  status: 'queued',
  conclusion: null,
  runner_id: null,
  runner_name: null,
  runner_group_name: null,
  completed_at: null,
};

const step = (conclusion: string | null): FleetStep => ({
  name: 'x',
  number: 1,
  status: 'completed',
  conclusion,
});
/** A job that failed without a failed step: it lost its runner. */
export const lost: Partial<FleetJob> = { conclusion: 'failure', steps: [step('success'), step('cancelled')] };
/** A job with a failed step. */
export const red: Partial<FleetJob> = { conclusion: 'failure', steps: [step('success'), step('failure')] };
