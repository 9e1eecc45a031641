import { startDeadline } from '@runner-actions/core';
import { assertContract, type Fleet, type FleetIssue, startSimulator } from '@runner-actions/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  changeIssue,
  commentOnIssue,
  connect,
  createIssue,
  issuesWithLabel,
  ownAccount,
} from '../src/index.ts';

const repository = { owner: 'octo', name: 'app' };

async function setUp(issues: FleetIssue[], login?: string) {
  const token = { permissions: { issues: 'write' as const }, ...(login === undefined ? {} : { login }) };
  const fleet: Fleet = {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true, issues }],
    tokens: { t: token },
  };
  const simulator = await startSimulator(fleet);
  onTestFinished(() => simulator.stop());
  const github = connect({ token: 't', apiUrl: simulator.url, deadline: startDeadline(60_000), calls: 20 });
  return { simulator, github };
}

describe('issues', () => {
  it('are listed without pull requests, and the list says whether it is complete', async () => {
    const many = Array.from({ length: 150 }, (_, index) => ({
      number: index + 1,
      title: 't',
      labels: ['a'],
    }));
    const { simulator, github } = await setUp([
      ...many,
      { number: 200, title: 'change', labels: ['a'], pull_request: true },
      { number: 201, title: 'other', labels: ['b'] },
    ]);
    const whole = await issuesWithLabel(github, repository, 'a', { state: 'open', pages: 3 });
    expect([whole.issues.length, whole.isComplete]).toEqual([150, true]);
    const part = await issuesWithLabel(github, repository, 'a', { state: 'open', pages: 1 });
    expect([part.issues.length, part.isComplete]).toEqual([99, false]);
    assertContract(simulator);
  });

  it('are opened, commented on and closed with a reason', async () => {
    const { simulator, github } = await setUp([]);
    const made = await createIssue(github, repository, { title: 'T', body: 'B', labels: ['a'] });
    expect(made).toMatchObject({
      number: 1,
      labels: ['a'],
      author: { login: 'github-actions[bot]', type: 'Bot' },
    });
    await commentOnIssue(github, repository, 1, 'C');
    const change = { state: 'closed', stateReason: 'not_planned' } as const;
    expect(await changeIssue(github, repository, 1, change)).toMatchObject({
      ...{ state: 'closed', stateReason: 'not_planned', closedAt: expect.any(Number) as number },
    });
    expect(simulator.fleet().repositories[0]?.issues).toMatchObject([{ comments: [{ body: 'C' }] }]);
    assertContract(simulator);
  });

  it('cannot be changed twice by one call: a lost answer is a failure, not a retry', async () => {
    const { simulator, github } = await setUp([{ number: 1, title: 't' }]);
    simulator.fault({ kind: 'reset', match: /issues\/1/ });
    await expect(changeIssue(github, repository, 1, { title: 'x' })).rejects.toMatchObject({
      kind: 'network',
    });
    expect(simulator.requests).toHaveLength(1);
  });
});

describe('the account of a token', () => {
  it('is told to a user, and refused to a job', async () => {
    const user = await setUp([], 'ada');
    expect(await ownAccount(user.github)).toMatchObject({ login: 'ada' });
    const job = await setUp([]);
    await expect(ownAccount(job.github)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
