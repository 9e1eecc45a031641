import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run } from '@runner-actions/github';
import { expect, it } from 'vitest';
import { openNewerSuccess } from '../src/newer-success-io.ts';

const at = (minute: number): string => `2026-11-21T12:${String(minute).padStart(2, '0')}:00Z`;
type Query = Readonly<Record<string, unknown>>;
const job = { repository: { owner: 'octo', name: 'app' } } as unknown as Job;
const path = '.github/workflows/deploy.yml';

const run = (change: Partial<Run> = {}): Run => ({
  ...{
    id: 50,
    attempt: 1,
    status: 'queued',
    conclusion: undefined,
    event: 'push',
    createdAt: Date.parse(at(10)),
  },
  ...{
    updatedAt: undefined,
    workflowPath: path,
    headRepository: 'octo/app',
    branch: 'main',
    actor: 'octocat',
  },
  ...{ name: 'Deploy', url: '' },
  ...change,
});
const success = (change: object = {}) => ({
  ...{
    id: 60,
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    created_at: at(11),
    head_branch: 'main',
  },
  ...{ path, head_repository: { full_name: 'octo/app' } },
  ...change,
});

const rulesWith = (rerunSuperseded: string[]) => ({
  ...{ repository: 'octo/app', pools: [], declared: [], undeclared: undefined, after: 0 },
  rerunSuperseded,
});

function check({
  found = [success()],
  total = 0,
  named = [],
  mayRead = true,
  unfinished = [],
}: {
  found?: object[];
  total?: number;
  named?: string[];
  mayRead?: boolean;
  unfinished?: Run[];
}) {
  const queries: Query[] = [];
  const get = async (_route: string, query: Query = {}) => {
    queries.push(query);
    return { total_count: Math.max(total, found.length), workflow_runs: found };
  };
  const rules = rulesWith(named);
  const newerSuccess = openNewerSuccess({ get } as unknown as GitHub, {
    job,
    rules,
    unfinished,
    mayRead: () => mayRead,
  });
  return { queries, newerSuccess };
}

it('finds a newer run of the same workflow and branch that succeeded, and asks once for several runs', async () => {
  const { newerSuccess, queries } = check({});
  expect(await newerSuccess(run())).toMatchObject({
    reason: 'superseded',
    why: expect.stringMatching(/60$/) as string,
  });
  expect(await newerSuccess(run({ id: 70, createdAt: Date.parse(at(12)) }))).toBeUndefined();
  expect(queries).toMatchObject([
    { workflow_id: 'deploy.yml', branch: 'main', status: 'success', created: `>=${at(10)}` },
  ]);
});

it.each([
  ['none succeeded', [], undefined],
  ['an older run of the same second succeeded', [success({ id: 49, created_at: at(10) })], undefined],
  ['a newer run of the same second succeeded', [success({ id: 51, created_at: at(10) })], 'superseded'],
  ['a run that a user started succeeded', [success({ event: 'workflow_dispatch' })], 'superseded'],
  ['a run for a pull request succeeded', [success({ event: 'pull_request' })], undefined],
  ['a run of a fork succeeded', [success({ head_repository: { full_name: 'stranger/app' } })], undefined],
])('judges a push when %s', async (_name, found, reason) => {
  expect((await check({ found }).newerSuccess(run()))?.reason).toBe(reason);
});

it.each([
  ['for a pull request succeeded', 'pull_request', 'superseded'],
  ['for a push succeeded', 'push', undefined],
])('judges a run for a pull request when one %s', async (_name, event, reason) => {
  const { newerSuccess } = check({ found: [success({ event })] });
  expect((await newerSuccess(run({ event: 'pull_request' })))?.reason).toBe(reason);
});

it.each(['deploy.yml', path])('does not ask for a workflow that is named: %s', async (name) => {
  const { newerSuccess, queries } = check({ named: [name] });
  expect(await newerSuccess(run())).toBeUndefined();
  expect(queries).toEqual([]);
});

it('is unknown if no call is left, if the list is too long, or if the branch is unknown', async () => {
  const unknown = { reason: 'unknown' };
  expect(await check({ mayRead: false }).newerSuccess(run())).toMatchObject(unknown);
  expect(await check({ found: [], total: 200 }).newerSuccess(run())).toMatchObject(unknown);
  expect(await check({}).newerSuccess(run({ branch: undefined }))).toMatchObject(unknown);
});

it('is unknown with the reason of GitHub if the runs cannot be read', async () => {
  const get = async () => {
    throw new GitHubFailure('forbidden', 'no access');
  };
  const rules = rulesWith([]);
  const newerSuccess = openNewerSuccess({ get } as unknown as GitHub, {
    job,
    rules,
    unfinished: [],
    mayRead: () => true,
  });
  expect(await newerSuccess(run())).toEqual({
    reason: 'unknown',
    why: 'it is not known whether a newer run succeeded: no access',
  });
});

it.each([
  ['a newer run of the same workflow and branch is in progress', {}, 'superseded'],
  ['the newer run is queued as well', { status: 'queued' }, undefined],
  ['the run in progress belongs to another branch', { branch: 'other' }, undefined],
  ['the run in progress is older', { createdAt: Date.parse(at(9)) }, undefined],
])('when %s, the reason is that', async (_case, change, reason) => {
  const other = run({ id: 60, status: 'in_progress', createdAt: Date.parse(at(11)), ...change });
  const { newerSuccess } = check({ found: [], unfinished: [other] });
  expect((await newerSuccess(run()))?.reason).toBe(reason);
});
