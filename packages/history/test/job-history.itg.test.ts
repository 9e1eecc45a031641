// Situations 22 to 24 as GitHub lists them: which runs and jobs are read, with which permission and how many calls.
import { startDeadline } from '@runner-actions/core';
import { connect } from '@runner-actions/github';
import {
  assertContract,
  type FaultRule,
  type Fleet,
  type FleetJob,
  type FleetRun,
  startSimulator,
} from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { compareJob, jobHistory, type JobIdentity } from '../src/index.ts';

const now = '2026-11-21T12:00:00Z';
const hoursAgo = (hours: number): string =>
  new Date(Date.parse(now) - hours * 3_600_000).toISOString().replace('.000', '');
const labels = ['self-hosted', 'linux', 'big'];

/** A run with a job `build` of a minute, and one of another name. `at`: how many hours ago it was created. */
interface Past {
  at: number;
  run?: Partial<FleetRun>;
  job?: Partial<FleetJob>;
}

function fleetOf(past: readonly Past[], more: Partial<Fleet> = {}): Fleet {
  const runs = past.map(({ at, run }, index) => ({
    ...{ id: 100 + index, status: 'completed', conclusion: 'success', created_at: hoursAgo(at) },
    ...{ updated_at: hoursAgo(at), ...run },
  }));
  const jobs = past.flatMap(({ at, job }, index): FleetJob[] => {
    const common = {
      ...{ run_id: 100 + index, status: 'completed' as const, conclusion: 'success', labels },
      ...{ runner_id: 5, runner_name: `r${index}`, runner_group_name: 'Default' },
      ...{ created_at: hoursAgo(at), started_at: hoursAgo(at), completed_at: hoursAgo(at - 1 / 60) },
    };
    return [
      { ...common, id: 1000 + index, name: 'lint' },
      { ...common, id: 2000 + index, name: 'build', ...job },
    ];
  });
  return {
    now,
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true }],
    tokens: { token: { permissions: { actions: 'read' } } },
    ...{ runs, jobs, ...more },
  };
}

interface Reading {
  identity?: Partial<JobIdentity>;
  calls?: number;
  clientCalls?: number;
  faults?: FaultRule[];
}

/** Reads the history from a simulator, and checks all requests against GitHub's contract. */
async function read(fleet: Fleet, { identity, calls, clientCalls = 200, faults = [] }: Reading = {}) {
  const simulator = await startSimulator(fleet);
  try {
    for (const fault of faults) simulator.fault(fault);
    const github = connect({
      ...{ token: 'token', apiUrl: simulator.url, deadline: startDeadline(60_000), calls: clientCalls },
    });
    const whole: JobIdentity = {
      ...{
        repository: { owner: 'octo', name: 'app' },
        workflow: 'ci.yml',
        name: 'build',
        runnerClass: 'big',
      },
      ...{ runId: 999, attempt: 1, defaultBranch: 'main', ...identity },
    };
    const history = await jobHistory(github, whole, calls === undefined ? {} : { calls });
    assertContract(simulator);
    return { history, requests: simulator.requests, now: github.now() };
  } finally {
    await simulator.stop();
  }
}

const hours = (amount: number, first = 1): Past[] =>
  Array.from({ length: amount }, (_, index) => ({ at: first + index }));
const runIds = ({ history }: Awaited<ReturnType<typeof read>>) =>
  history.jobs.map(({ runId }) => runId).sort((one, other) => one - other);

describe('jobHistory', () => {
  it('reads the newest eleven runs with twelve calls, of which the baseline can learn', async () => {
    const { history, requests, now: time } = await read(fleetOf(hours(40)));
    expect(requests).toHaveLength(12);
    expect(history).toMatchObject({ readRuns: 11, unreadableRuns: 0, failure: undefined });
    expect(Math.max(...history.jobs.map(({ runId }) => runId))).toBe(110);
    const job = { runId: 999, runnerClass: 'big', duration: 200_000, isOnDefaultBranch: true };
    expect(compareJob(job, history.jobs, time)).toMatchObject({
      duration: { regression: 'slower', baseline: { samples: 11, median: 60_000 } },
      success: { verdict: 'none', good: 11 },
    });
  });

  it('reads the job of that full name only, for a job of a matrix', async () => {
    const past = hours(3).map((one) => ({ ...one, job: { name: 'build (1, 2)' } }));
    expect(runIds(await read(fleetOf(past), { identity: { name: 'build (1, 2)' } }))).toEqual([
      100, 101, 102,
    ]);
    const { history } = await read(fleetOf(past), { identity: { name: 'build (1)' } });
    expect(history).toMatchObject({ jobs: [], readRuns: 3, failure: undefined });
  });

  it('finds the job on a later page of a large matrix', async () => {
    const fleet = fleetOf(hours(1));
    const many = Array.from({ length: 150 }, (_, index): FleetJob => ({ ...fleet.jobs![0]!, id: index + 1 }));
    const { history, requests } = await read({ ...fleet, jobs: [...many, fleet.jobs![1]!] });
    expect(history).toMatchObject({ jobs: [{ name: 'build' }], readRuns: 1 });
    expect(requests).toHaveLength(3);
  });

  it('leaves out other branches, other workflows, its own run, unfinished runs and forks with the same branch', async () => {
    const odd: Partial<FleetRun>[] = [
      { head_branch: 'feature' },
      { path: '.github/workflows/other.yml' },
      { id: 999 },
      { status: 'in_progress', conclusion: null },
      { head_repository: 'stranger/app' },
      { conclusion: 'cancelled' },
    ];
    const past = [...odd.map((run, index) => ({ at: index + 1, run })), { at: 10 }];
    const answer = await read(fleetOf(past));
    expect(runIds(answer)).toEqual([106]);
    expect(answer.history.readRuns).toBe(1);
  });

  it('asks for the default branch when it is not known', async () => {
    const repositories = [{ id: 1, name: 'app', private: true, default_branch: 'trunk' }];
    const past = [{ at: 1 }, { at: 2, run: { head_branch: 'trunk' } }];
    const answer = await read(fleetOf(past, { repositories }), { identity: { defaultBranch: undefined } });
    expect(runIds(answer)).toEqual([101]);
    expect(answer.requests).toHaveLength(3);
  });

  it('reads failed runs of the last day before older successful ones, and older failed ones last', async () => {
    const failed = { run: { conclusion: 'failure' }, job: { conclusion: 'failure' } };
    const past = [{ at: 1, ...failed }, { at: 2 }, { at: 30, ...failed }, { at: 40 }];
    const four = await read(fleetOf(past), { calls: 4 });
    expect(runIds(four)).toEqual([100, 101, 103]);
    expect(four.history.isDayComplete).toBe(true);
    expect(runIds(await read(fleetOf(past)))).toEqual([100, 101, 102, 103]);
    expect(runIds(await read(fleetOf(past), { calls: 3 }))).toEqual([100, 101]);
    const two = await read(fleetOf(past), { calls: 2 });
    expect(two.history).toMatchObject({ isDayComplete: false, failure: undefined });
  });

  it('leaves out a job that GitHub still lists as in progress though its run is over', async () => {
    const job = { status: 'in_progress' as const, conclusion: null, completed_at: null };
    expect(runIds(await read(fleetOf([{ at: 1, job }, { at: 2 }])))).toEqual([101]);
  });

  it('stops when it has as many runs of its class as a baseline and the signal need', async () => {
    const { history } = await read(fleetOf(hours(60, 30)), { calls: 100 });
    expect(history.readRuns).toBeGreaterThanOrEqual(33);
    expect(history.readRuns).toBeLessThan(40);
    const other = await read(fleetOf(hours(60, 30)), { calls: 100, identity: { runnerClass: 'small' } });
    expect(other.history.readRuns).toBe(60);
  });

  it('reads the attempt before its own', async () => {
    const fleet = fleetOf([{ at: 1, run: { id: 999, status: 'in_progress', conclusion: null } }, { at: 2 }]);
    const jobs = fleet.jobs!.map((job) => (job.run_id === 100 ? { ...job, run_id: 999 } : job));
    const answer = await read({ ...fleet, jobs }, { identity: { attempt: 2 } });
    expect(runIds(answer)).toEqual([101, 999]);
  });
});

describe('jobHistory, when something cannot be read', () => {
  it('counts a run whose jobs cannot be read, and goes on with the others', async () => {
    const faults = [{ match: /runs\/101\/attempts/, kind: 'status' as const, status: 404 }];
    const answer = await read(fleetOf(hours(3)), { faults });
    expect(runIds(answer)).toEqual([100, 102]);
    expect(answer.history).toMatchObject({
      ...{ readRuns: 2, unreadableRuns: 1, isDayComplete: false, failure: { kind: 'not-found' } },
    });
  });

  it('counts a run as unread if GitHub reports more jobs than it lists, and none of the name', async () => {
    const faults = [{ match: /runs\/101\/attempts/, kind: 'wrong-total' as const, total: 9 }];
    const past = hours(2).map((one) => ({ ...one, job: { name: 'test' } }));
    const { history } = await read(fleetOf(past), { faults });
    expect(history).toMatchObject({ readRuns: 1, unreadableRuns: 1, failure: { kind: 'incomplete' } });
  });

  it('does not take the last day for complete if GitHub lists only a part of its runs', async () => {
    const past = Array.from({ length: 101 }, (_, index) => ({ at: 1 + index / 10 }));
    const { history } = await read(fleetOf(past), { calls: 150 });
    expect(history).toMatchObject({ readRuns: 100, failure: undefined, isDayComplete: false });
    const all = await read(fleetOf(past.slice(2)), { calls: 150 });
    expect(all.history).toMatchObject({ readRuns: 99, isDayComplete: true });
  });

  it('says what ended the reading rather than what failed before', async () => {
    const faults = [
      { match: /runs\/100\/attempts/, kind: 'status' as const, status: 404 },
      { match: /runs\/11\d\/attempts/, kind: 'rate-limit' as const },
    ];
    const { history } = await read(fleetOf(hours(20)), { faults, calls: 20 });
    expect(history.failure?.kind).toBe('rate-limited');
  });

  it('says which permission the token lacks, after one call', async () => {
    const tokens = { token: { permissions: { contents: 'read' as const } } };
    const { history, requests } = await read(fleetOf(hours(3), { tokens }));
    expect(history).toMatchObject({ jobs: [], isDayComplete: false, failure: { kind: 'forbidden' } });
    expect(history.failure?.message).toContain('actions=read');
    expect(requests).toHaveLength(1);
  });

  it('stops at a rate limit', async () => {
    const faults = [{ match: /attempts/, kind: 'rate-limit' as const }];
    const { history, requests } = await read(fleetOf(hours(20)), { faults });
    expect(history).toMatchObject({ jobs: [], failure: { kind: 'rate-limited' } });
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  it('keeps what it has read when the budget of the client ends', async () => {
    const { history } = await read(fleetOf(hours(20)), { clientCalls: 7 });
    expect(history).toMatchObject({ readRuns: 6, failure: { kind: 'call-budget' } });
  });

  it('counts a run as unread whose further jobs the budget does not reach', async () => {
    const fleet = fleetOf(hours(1));
    const many = Array.from({ length: 150 }, (_, index): FleetJob => ({ ...fleet.jobs![0]!, id: index + 1 }));
    const { history } = await read({ ...fleet, jobs: [...many, fleet.jobs![1]!] }, { calls: 2 });
    expect(history).toMatchObject({ jobs: [], readRuns: 0, unreadableRuns: 1 });
    expect(history.failure?.kind).toBe('call-budget');
  });

  it('has no history of a workflow that never ran', async () => {
    const { history } = await read(fleetOf([]));
    expect(history).toMatchObject({ jobs: [], readRuns: 0, failure: { kind: 'not-found' } });
  });
});
