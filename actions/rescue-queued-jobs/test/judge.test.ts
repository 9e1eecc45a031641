import type { Run, RunJob } from '@runner-actions/github';
import { unknown } from '@runner-actions/history';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeJobs, judgePools, judgeRun, type Rules } from '../src/judge.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const none = { kind: 'seen', source: 'history', confidence: 'medium', hidden: 0, detail: '' } as const;
const seen = {
  alive: { ...none, matching: 1, online: 1, free: 0 },
  dead: { ...none, matching: 1, online: 0, free: 0 },
  unknown: unknown('history', []),
};
const rules: Rules = { repository: 'octo/app', pools: [], after: 300_000 };
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
  ...{ workflowPath: undefined, headRepository: 'octo/app', actor: 'octocat', name: 'CI', url: '' },
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
    ['a second attempt', { attempt: 2 }, 'second-attempt'],
    ['a pull request of this repository', { event: 'pull_request' }, undefined],
    ['a fork’s', { event: 'pull_request', headRepository: 'stranger/app' }, 'untrusted'],
    ['a fork’s that is gone', { event: 'pull_request_target', headRepository: undefined }, 'untrusted'],
    ['a run that another one caused', { event: 'workflow_run' }, 'untrusted'],
    ['an event that anyone can cause', { event: 'issue_comment' }, 'untrusted'],
    ['a deployment, of whose commit nothing is known', { event: 'deployment_status' }, 'untrusted'],
    ['an event of next year', { event: 'pull_request_of_next_year' }, 'untrusted'],
    ['Dependabot’s', { actor: 'dependabot[bot]' }, 'untrusted'],
  ])('%s', (_name, change, reason) => expect(judgeRun(run(change), rules)?.reason).toBe(reason));
});

describe('judgeJobs', () => {
  const reasonOf = (jobs: RunJob[], change: Partial<Rules> = {}) => {
    const judged = judgeJobs(jobs, { ...rules, ...change }, now);
    return Array.isArray(judged) ? 'look' : judged.reason;
  };

  it.each([
    ['all queued for long', [job(), job()], 'look'],
    ['some done, the rest queued', [job({ status: 'completed', runnerId: 3 }), job()], 'look'],
    ['none left', [job({ status: 'completed' })], 'no-queued-job'],
    ['one under way', [job(), job({ status: 'in_progress', runnerId: 3 })], 'at-work'],
    ['one assigned', [job({ runnerId: 3 })], 'at-work'],
    ['one that waits for approval', [job(), job({ status: 'waiting' })], 'held'],
    ['one for hosted runners', [job(), job({ labels: ['ubuntu-latest'] })], 'other-pool'],
    ['one that waits for a minute', [job(), job({ createdAt: ago(1) })], 'too-young'],
  ])('%s', (_name, jobs, expected) => expect(reasonOf(jobs)).toBe(expected));

  it('looks after the pools that are named, and no others', () => {
    const pools = [['arc-linux'], ['Self-Hosted', 'linux']];
    expect(reasonOf([job({ labels: ['arc-linux'] })], { pools })).toBe('look');
    expect(reasonOf([job()], { pools })).toBe('look');
    expect(reasonOf([job({ labels: ['self-hosted', 'mac'] })], { pools })).toBe('other-pool');
  });
});

describe('the pool', () => {
  it('is stuck only when all pools are dead', () => {
    const state = fc.constantFrom('alive' as const, 'dead' as const, 'unknown' as const);
    fc.assert(
      fc.property(fc.array(state, { minLength: 1 }), (states) => {
        const { reason } = judgePools(states.map((one) => seen[one]));
        expect(reason === 'stuck').toBe(states.every((one) => one === 'dead'));
        if (states.includes('alive')) expect(reason).toBe('pool-alive');
      }),
    );
  });
});
