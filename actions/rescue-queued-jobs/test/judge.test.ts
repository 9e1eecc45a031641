import type { Run, RunJob } from '@runner-actions/github';
import { unknownObservation } from '@runner-actions/history';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeJobs, judgePools, judgeRun, type Rules } from '../src/judge.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const none = { kind: 'seen', source: 'history', confidence: 'medium', hidden: 0, detail: '' } as const;
const seen = {
  alive: { ...none, matching: 1, online: 1, free: 0 },
  dead: { ...none, matching: 1, online: 0, free: 0 },
  unknown: unknownObservation('history', []),
};
const rules: Rules = {
  ...{
    repository: 'octo/app',
    pools: [],
    declared: [],
    undeclared: undefined,
    after: 300_000,
    rerunSuperseded: [],
  },
};
const ago = (minutes: number) => now - minutes * 60_000;
const run = (change: Partial<Run> = {}): Run => ({
  ...{
    id: 1,
    attempt: 1,
    status: 'queued',
    conclusion: undefined,
    event: 'push',
    createdAt: ago(10),
    updatedAt: undefined,
  },
  ...{
    workflowPath: undefined,
    headRepository: 'octo/app',
    branch: 'main',
    actor: 'octocat',
    name: 'CI',
    url: '',
  },
  ...change,
});
const job = (change: Partial<RunJob> = {}): RunJob => ({
  ...{
    id: 1,
    name: 'build',
    status: 'queued',
    conclusion: undefined,
    labels: ['self-hosted', 'Linux'],
    runnerId: undefined,
  },
  ...{
    runnerName: undefined,
    runnerGroup: undefined,
    createdAt: ago(10),
    startedAt: undefined,
    completedAt: undefined,
    steps: [],
  },
  ...change,
});

describe('judgeRun', () => {
  it.each([
    ['a first attempt of a push', {}, undefined],
    ['a fifth attempt', { attempt: 5 }, undefined],
    ['a sixth attempt', { attempt: 6 }, 'second-attempt'],
    ['a pull request of this repository', { event: 'pull_request' }, undefined],
    ['a pull request of a fork', { event: 'pull_request', headRepository: 'stranger/app' }, 'untrusted'],
    [
      'a pull request of a deleted fork',
      { event: 'pull_request_target', headRepository: undefined },
      'untrusted',
    ],
    ['a run that another run triggered', { event: 'workflow_run' }, 'untrusted'],
    ['an event that anyone can trigger', { event: 'issue_comment' }, 'untrusted'],
    ['a deployment, whose commit is unknown', { event: 'deployment_status' }, 'untrusted'],
    ['an unknown event', { event: 'pull_request_of_next_year' }, 'untrusted'],
    ['a run of Dependabot', { actor: 'dependabot[bot]' }, 'untrusted'],
  ])('judges %s', (_name, change, reason) => expect(judgeRun(run(change), rules)?.reason).toBe(reason));
});

describe('judgeJobs', () => {
  const reasonOf = (jobs: RunJob[], change: Partial<Rules> = {}) => {
    const judged = judgeJobs(jobs, { ...rules, ...change }, now);
    return Array.isArray(judged) ? 'look' : judged.reason;
  };

  it.each([
    ['all jobs queued for long', [job(), job()], 'look'],
    ['some jobs completed and the rest queued', [job({ status: 'completed', runnerId: 3 }), job()], 'look'],
    ['no unfinished job', [job({ status: 'completed' })], 'no-queued-job'],
    ['one job in progress', [job(), job({ status: 'in_progress', runnerId: 3 })], 'at-work'],
    ['one job assigned to a runner', [job({ runnerId: 3 })], 'at-work'],
    ['one job that waits for approval', [job(), job({ status: 'waiting' })], 'held'],
    ['one job for hosted runners', [job(), job({ labels: ['ubuntu-latest'] })], 'other-pool'],
    ['one job queued for a minute', [job(), job({ createdAt: ago(1) })], 'too-young'],
  ])('judges a run with %s', (_name, jobs, expected) => expect(reasonOf(jobs)).toBe(expected));

  it('considers only the pools in the input labels', () => {
    const pools = [['arc-linux'], ['Self-Hosted', 'linux']];
    expect(reasonOf([job({ labels: ['arc-linux'] })], { pools })).toBe('look');
    expect(reasonOf([job()], { pools })).toBe('look');
    expect(reasonOf([job({ labels: ['self-hosted', 'mac'] })], { pools })).toBe('other-pool');
  });

  it('considers the self-hosted pools of the configuration unless the input labels is given', () => {
    const pool = (labels: string[], kind: 'scale-set' | 'hosted', group?: string) => ({
      ...{ name: labels.join(), kind, isDeclared: true, labels, group },
    });
    const declared = [pool(['arc-linux'], 'scale-set'), pool(['big'], 'hosted'), pool([], 'scale-set', 'g')];
    const arc = job({ labels: ['ARC-linux'] });
    expect(reasonOf([arc, job()], { declared })).toBe('look');
    expect(reasonOf([arc], { declared, pools: [['self-hosted', 'linux']] })).toBe('other-pool');
    expect(reasonOf([job({ labels: ['big'] })], { declared })).toBe('other-pool');
    expect(reasonOf([job({ labels: [] })], { declared })).toBe('other-pool');
    const both = [...declared, pool(['arc-linux'], 'hosted', 'larger')];
    expect(reasonOf([arc], { declared: both })).toBe('other-pool');
  });
});

describe('judgePools', () => {
  it('returns stuck only if all pools are dead', () => {
    const state = fc.constantFrom('alive' as const, 'dead' as const, 'unknown' as const);
    fc.assert(
      fc.property(fc.array(state, { minLength: 1 }), (states) => {
        const { reason } = judgePools(
          states.map((one) => seen[one]),
          { undeclared: undefined },
        );
        expect(reason === 'stuck').toBe(states.every((one) => one === 'dead'));
        if (states.includes('alive')) expect(reason).toBe('pool-alive');
      }),
    );
  });
});
