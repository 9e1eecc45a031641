// Runs one job in the place of a runner's worker, with both hooks, and prints its result: `node job-of-worker.ts OPTIONS`.
// A test starts it by the name of a worker, and in a namespace that has the policy of the test.
import { join } from 'node:path';
import { type JobOptions, launchJob, launchOnSmallDisk } from '@runner-actions/testing';

const [, , given = '{}'] = process.argv;
const { small, ...options } = JSON.parse(given) as JobOptions & { small?: boolean };
const hooks = join(import.meta.dirname, '../dist/hooks');
const machine = {
  ACTIONS_RUNNER_HOOK_JOB_STARTED: join(hooks, 'job-started.js'),
  ACTIONS_RUNNER_HOOK_JOB_COMPLETED: join(hooks, 'job-completed.js'),
  ...options.machine,
};
const { directory: _, ...others } = options;
const job = await (small ? launchOnSmallDisk({ ...others, machine }) : launchJob({ ...options, machine }));
process.stdout.write(JSON.stringify(job ?? null), () => process.exit());
