// "Re-run failed jobs" keeps the old decision of select-runner, and the job waits for the dead machine again.
import { type Fleet, type FleetJob, startSimulator } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, runRescue, stuck } from './run-rescue.ts';

const done = {
  status: 'completed' as const,
  created_at: ago(60),
  started_at: ago(59),
  completed_at: ago(50),
};
const lost = { ...done, conclusion: 'failure', runner_id: 1, runner_name: 'r' };

/** A run whose machine died while it ran the job. */
function failed(): Fleet {
  const given = fleet([stuck(1, { status: 'completed', conclusion: 'failure', created_at: ago(60) }, lost)]);
  const select = { ...done, id: 11, run_id: 1, name: 'select', labels: ['ubuntu-latest'] };
  return { ...given, jobs: [...given.jobs!, { ...select, conclusion: 'success', runner_id: 9 }] };
}

/** Does what a person does with the run, so many minutes ago. */
async function click(given: Fleet, minutes: number, what: 'rerun' | 'rerun-failed-jobs' | 'cancel') {
  const simulator = await startSimulator({ ...given, now: ago(minutes) });
  const headers = { authorization: 'token github-token' };
  const url = `${simulator.url}/repos/octo/app/actions/runs/1/${what}`;
  const { ok } = await fetch(url, { method: 'POST', headers });
  await simulator.stop();
  expect(ok).toBe(true);
  return { ...simulator.fleet(), now: ago(0) };
}

/** Lets select-runner do its job again in the latest attempt, and its machine wait for so many minutes. */
function reselect(given: Fleet, minutes: number): Fleet {
  const attempt = given.runs!.find(({ id }) => id === 1)!.run_attempt!;
  const change = (job: FleetJob): FleetJob => {
    if (job.run_id !== 1 || job.run_attempt !== attempt) return job;
    const times = { created_at: ago(minutes), started_at: ago(minutes), completed_at: ago(minutes) };
    return job.name === 'select'
      ? { ...job, ...times, status: 'completed', conclusion: 'success', runner_id: 9 }
      : { ...job, created_at: ago(minutes) };
  };
  return { ...given, jobs: given.jobs!.map(change) };
}

describe('rescue-queued-jobs: a re-run of failed jobs', () => {
  it('is rescued: all of its jobs are re-run, so that select-runner decides again', async () => {
    const { posts, after, report } = await runRescue(await click(failed(), 12, 'rerun-failed-jobs'));
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(report?.runs).toMatchObject([{ id: 1, reason: 'stuck', result: 'rescued' }]);
    const third = after.jobs!.filter(({ run_attempt: attempt }) => attempt === 3);
    expect(third.map(({ name, status }) => [name, status]).sort()).toEqual([
      ['build', 'queued'],
      ['select', 'queued'],
    ]);
  });

  it('is left if all jobs were re-run, because select-runner has decided again', async () => {
    const { posts, report } = await runRescue(reselect(await click(failed(), 12, 'rerun'), 12));
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'second-attempt']);
    expect(report?.runs[0]?.why).toBe('all of its jobs were already re-run');
  });

  it('is left if the run was rescued before, whatever somebody clicks', async () => {
    const first = await runRescue(await click(failed(), 40, 'rerun-failed-jobs'));
    const third = reselect(first.after, 30);
    expect((await runRescue(third)).report?.runs).toMatchObject([{ reason: 'second-attempt' }]);
    const fourth = await click(await click(third, 20, 'cancel'), 12, 'rerun-failed-jobs');
    const { posts, report } = await runRescue(fourth);
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'second-attempt']);
    expect(report?.runs[0]?.why).toMatch(/its attempt 2 was cancelled in the queue/);
  });

  it('is left if its earlier attempt cannot be read', async () => {
    const given = await click(failed(), 12, 'rerun-failed-jobs');
    const fault = { match: '/runs/1/attempts/1/jobs', kind: 'status', status: 404 } as const;
    const { posts, report } = await runRescue(given, {}, fault);
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'unknown']);
  });

  it('is left while the machine works', async () => {
    const given = await click(failed(), 12, 'rerun-failed-jobs');
    const [app, ...others] = given.repositories;
    const runners = [{ id: 1, name: 'r', labels, busy: true }];
    const { posts, report } = await runRescue(
      { ...given, repositories: [{ ...app!, runners }, ...others] },
      { 'runner-token': 'admin' },
    );
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'pool-alive']);
  });
});
