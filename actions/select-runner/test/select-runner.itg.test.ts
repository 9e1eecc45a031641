import { readFileSync } from 'node:fs';
import type { FleetRunner } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, runner, select } from './run-select-runner.ts';

const fork = {
  name: 'pull_request',
  payload: {
    repository: { private: true },
    pull_request: {
      author_association: 'NONE',
      user: { login: 'x' },
      head: { repo: { full_name: 'stranger/app' } },
    },
  },
};

describe('select-runner', () => {
  it('uses a free runner, sends two API calls, and explains the decision', async () => {
    const { outputs, summary, requests, exitCode, stdout } = await select({});
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      decision: 'run',
      pool: 'self-hosted+linux+x64',
      'is-self-hosted': 'true',
      reason: 'idle',
      source: 'runners-api',
      confidence: 'high',
    });
    expect(JSON.parse(outputs['runs-on'] ?? '')).toEqual(['self-hosted', 'linux', 'x64']);
    // The list of runners, and the list of competing runs.
    expect(requests).toHaveLength(2);
    expect(summary).toMatch(/Runs on self\\-hosted, linux, x64: 1 of 1 online runner is free/);
    const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as { pools: object[] };
    expect(report.pools).toMatchObject([{ placed: 1, reason: 'idle', matching: 1, free: 1 }]);
    expect(`${stdout}${summary}${JSON.stringify(report)}`).not.toMatch(/secret-name/);
  });

  it.each([
    ['all busy', [runner(1, { busy: true })], {}, 'busy', false],
    ['all busy, may queue', [runner(1, { busy: true })], { 'when-busy': 'queue' }, 'online', true],
    ['two wanted, one free', [runner(1), runner(2, { busy: true })], { 'min-free': '2' }, 'busy', false],
    ['all offline', [runner(1, { status: 'offline' })], {}, 'offline', false],
    ['other labels only', [runner(1, { labels: ['self-hosted', 'macOS'] })], {}, 'no-match', false],
  ] as [string, FleetRunner[], Record<string, string>, string, boolean][])(
    'decides from the state of the runners: %s',
    async (_name, runners, inputs, reason, taken) => {
      const { outputs, exitCode } = await select({ fleet: fleet({ runners }), with: inputs });
      expect(exitCode).toBe(0);
      expect(outputs).toMatchObject({ reason, 'is-self-hosted': String(taken), decision: 'run' });
      if (!taken) expect(outputs['runs-on']).toBe('"ubuntu-latest"');
    },
  );

  it('finds the only matching runner on the third page, and reads no further page', async () => {
    const others = Array.from({ length: 249 }, (_, index) =>
      runner(index + 1, { labels: ['self-hosted', 'Windows'] }),
    );
    const { outputs, requests } = await select({ fleet: fleet({ runners: [...others, runner(250)] }) });
    expect(outputs).toMatchObject({ reason: 'idle' });
    expect(requests.filter(({ path }) => path.endsWith('/runners'))).toHaveLength(3);
  });

  it('uses runners of the organization only if this repository may use their group', async () => {
    const groups = (selected: string[]) => [
      { id: 2, name: 'big', visibility: 'selected' as const, selected_repositories: selected },
    ];
    const shared = [runner(1, { runner_group_id: 2 })];
    const own = await select({
      fleet: fleet({ organization_runners: shared, runner_groups: groups(['app']) }),
    });
    expect(own.outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
    const hidden = await select({
      fleet: fleet({ organization_runners: shared, runner_groups: groups([]) }),
    });
    expect(hidden.outputs).toMatchObject({ reason: 'group-not-visible', 'is-self-hosted': 'false' });
  });

  it('reads on after a page of runners whose group it may not use', async () => {
    const hidden = Array.from({ length: 100 }, (_, index) => runner(index + 1, { runner_group_id: 2 }));
    const given = fleet({
      organization_runners: [...hidden, runner(101, { runner_group_id: 1 })],
      runner_groups: [
        { id: 1, name: 'Default', visibility: 'all', default: true },
        { id: 2, name: 'big', visibility: 'selected', selected_repositories: [] },
      ],
    });
    const { outputs } = await select({ fleet: given });
    expect(outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
  });

  it('skips a group that does not allow public repositories in a public repository', async () => {
    const given = fleet({
      isPublic: true,
      organization_runners: [runner(1, { runner_group_id: 2 })],
      runner_groups: [{ id: 2, name: 'big', visibility: 'all', allows_public_repositories: false }],
    });
    const { outputs } = await select({
      fleet: given,
      event: { name: 'push', payload: { repository: { private: false } } },
    });
    expect(outputs).toMatchObject({ reason: 'group-not-visible' });
  });

  it('accepts that a user’s repository has no organization', async () => {
    const given = fleet({
      runners: [runner(1, { status: 'offline' })],
      owner: { login: 'octo', kind: 'user' },
    });
    const { outputs, annotations } = await select({ fleet: given });
    expect(outputs).toMatchObject({ reason: 'offline', confidence: 'medium' });
    expect(annotations).toEqual([]);
  });

  it('sends no API call for an untrusted run, and never gives it a self-hosted runner', async () => {
    const { outputs, requests } = await select({ event: fork });
    expect(outputs).toMatchObject({ reason: 'untrusted', 'is-self-hosted': 'false' });
    expect(requests).toHaveLength(0);
    const unreadable = await select({ event: { name: 'push', payload: '{"broken' } });
    expect(unreadable.outputs).toMatchObject({ reason: 'untrusted' });
  });

  it('accepts labels, a group, skip and fail as the fallback', async () => {
    const given = fleet();
    const list = await select({ fleet: given, with: { fallback: 'a, b' } });
    expect(list.outputs['runs-on']).toBe('["a","b"]');
    const group = await select({ fleet: given, with: { fallback: '{group: larger, labels: [x]}' } });
    expect(JSON.parse(group.outputs['runs-on'] ?? '')).toEqual({ group: 'larger', labels: ['x'] });
    const label = await select({ fleet: given, with: { fallback: '"big"' } });
    expect(label.outputs['runs-on']).toBe('"big"');
    const skip = await select({ fleet: given, with: { fallback: 'skip' } });
    expect(skip).toMatchObject({ exitCode: 0, outputs: { decision: 'skip' } });
    const fail = await select({ fleet: given, with: { fallback: 'fail' } });
    expect(fail).toMatchObject({ exitCode: 1, outputs: { decision: 'fail', reason: 'no-match' } });
  });

  it('reads recent jobs of the repository when there is no runner-token, with at most six API calls', async () => {
    const runs = Array.from({ length: 9 }, (_, index) => ({
      id: 100 + index,
      status: 'completed',
      conclusion: 'success',
      created_at: ago(20 + index),
    }));
    const taken = {
      run_id: 102,
      name: 'build',
      status: 'completed' as const,
      conclusion: 'success',
      labels,
      runner_id: 5,
      runner_name: 'r5',
      runner_group_name: 'Default',
    };
    const jobs = [{ ...taken, id: 1, created_at: ago(6), started_at: ago(5), completed_at: ago(1) }];
    const alive = await select({ fleet: fleet({ runs, jobs }), with: { 'runner-token': '' } });
    expect(alive.outputs).toMatchObject({
      'is-self-hosted': 'true',
      source: 'history',
      confidence: 'medium',
    });
    expect(alive.requests.length).toBeLessThanOrEqual(6);
    const silent = await select({ fleet: fleet({ runs }), with: { 'runner-token': '' } });
    expect(silent.outputs).toMatchObject({
      'is-self-hosted': 'false',
      reason: 'token-missing',
      source: 'history',
    });
    expect(silent.requests).toHaveLength(6);
    expect(silent.exitCode).toBe(0);
  });
});
