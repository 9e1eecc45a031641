import { describe, expect, it } from 'vitest';
import { attemptJobs, fetchJob, fetchRun, type GitHub, workflowRuns } from '../src/index.ts';

const repository = { owner: 'octo', name: 'app' };
const at = '2026-11-21T12:00:00Z';
const run = { id: 1, event: 'push', status: 'queued', created_at: at };
const job = { id: 1, name: 'build', status: 'queued', created_at: at };
const answering = (answer: unknown) => ({ get: async () => answer }) as unknown as GitHub;
const jobsOf = async (item: object) => {
  const pages = attemptJobs(answering({ jobs: [item] }), repository, { id: 1, attempt: 1 });
  return allOf(pages);
};

async function allOf<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

describe('fetchRun', () => {
  it.each([
    ['created_at before all others', { run_started_at: '2026-11-21T13:00:00Z' }],
    ['run_started_at when there is no created_at', { created_at: undefined, run_started_at: at }],
    ['started_at, as Gitea has it', { created_at: undefined, started_at: at }],
  ])('takes the time of a run from %s', async (_name, change) => {
    const { createdAt } = await fetchRun(answering({ ...run, ...change }), repository, 1);
    expect(createdAt).toBe(Date.parse(at));
  });

  it('does not take an attempt that is a text for the first attempt', async () => {
    const read = fetchRun(answering({ ...run, run_attempt: '3' }), repository, 1);
    await expect(read).rejects.toThrow('does not have the documented shape');
  });

  it('takes the start of a run that has none, which Gitea writes as 1970, for unknown', async () => {
    const odd = { ...run, created_at: undefined, started_at: '1970-01-01T00:00:00Z' };
    await expect(fetchRun(answering(odd), repository, 1)).rejects.toThrow(
      /^\/repos\/octo\/app\/actions\/runs\/1: the run does not have the documented shape/,
    );
  });
});

describe('attemptJobs', () => {
  it('takes the time of a job from started_at when there is no created_at', async () => {
    const [read] = await jobsOf({ ...job, created_at: undefined, started_at: at });
    expect(read).toMatchObject({ createdAt: Date.parse(at), isCreationUnknown: true });
    expect((await jobsOf(job))[0]).not.toHaveProperty('isCreationUnknown');
  });

  it('reads times of any zone as the same instants, over the hour that a change of the clock repeats', async () => {
    const local = { created_at: '2026-10-25T02:59:00+02:00', started_at: '2026-10-25T02:01:00+01:00' };
    const utc = { created_at: '2026-10-25T00:59:00Z', started_at: '2026-10-25T01:01:00Z' };
    const [one] = await jobsOf({ ...job, runner_id: 7, ...local });
    expect(one).toEqual((await jobsOf({ ...job, runner_id: 7, ...utc }))[0]);
    expect((one?.startedAt ?? 0) - (one?.createdAt ?? 0)).toBe(120_000);
  });

  it('never gives a job without a time an age of decades', async () => {
    const odd = { ...job, created_at: null, started_at: null };
    const read = await jobsOf(odd).catch(() => []);
    expect(read).toEqual([]);
  });
});

describe('fetchJob', () => {
  it('reads the run, the attempt, and whether the time of creation is known', async () => {
    const whole = { ...job, run_id: 7, run_attempt: 2 };
    const read = await fetchJob(answering(whole), repository, 1);
    expect(read).toMatchObject({ id: 1, runId: 7, attempt: 2, createdAt: Date.parse(at) });
    expect(read).not.toHaveProperty('isCreationUnknown');
    const old = { ...job, created_at: undefined, started_at: at, run_attempt: '2' };
    const odd = await fetchJob(answering(old), repository, 1);
    expect(odd).toMatchObject({ isCreationUnknown: true, runId: undefined, attempt: undefined });
  });

  it('fails for a response that is not a job', async () => {
    await expect(fetchJob(answering([]), repository, 1)).rejects.toThrow(
      '/repos/octo/app/actions/jobs/1: the job does not have the documented shape',
    );
  });
});

describe('workflowRuns', () => {
  it('reads a run of Gitea', async () => {
    const odd = { ...run, created_at: undefined, started_at: at };
    const pages = workflowRuns(answering({ workflow_runs: [odd] }), repository);
    expect(await allOf(pages)).toMatchObject([{ id: 1, createdAt: Date.parse(at) }]);
  });
});
