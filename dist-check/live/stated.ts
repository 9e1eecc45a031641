import type { SeenJob } from './compare-jobs.ts';
import type { Difference } from './difference.ts';

const seen = { value: '', status: 'success' };

/**
 * What we expect of the jobs that the launcher cannot run: the posts of nested actions run last in, first out, within
 * the post of their composite action. Source: actions/runner, CompositeActionHandler.cs.
 */
export const statedJobs: readonly SeenJob[] = [
  {
    name: 'Nested',
    steps: ['Two probes', 'Post Two probes'].map((name) => ({ name, conclusion: 'success' })),
    records: [
      { experiment: 'first nested main', ...seen },
      { experiment: 'second nested main', ...seen },
      { experiment: 'second nested post', ...seen, state: 'second nested' },
      { experiment: 'first nested post', ...seen, state: 'first nested' },
    ],
  },
];

/**
 * Says what became of an output above GitHub's limit. The launcher has no limit. In `needs`, GitHub says `success` of a
 * failed job that has `continue-on-error` (actions/runner, issue 1161). So the result comes from the API.
 * @param output what the last job got
 * @param job what the API says about the job; `undefined` if it says nothing
 */
export function largeOutput(output: string, job: SeenJob | undefined): Difference {
  const seen = `${output}, job ${job?.conclusion ?? 'not found'}`;
  return {
    ...{ weight: 'open', where: 'Large output', what: 'an output of 1.2 MB' },
    ...{ expected: 'GitHub documents a limit of 1 MB per job, and not what happens above it', seen },
  };
}
