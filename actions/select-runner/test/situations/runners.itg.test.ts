// Situations 1 to 16: labels, lists of runners, groups, and what GitHub answers when it does not answer.
import type { FaultRule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { fleet, labels, runner, select, sha } from '../select.ts';
import { past } from './past.ts';

const busy = [runner(1, { busy: true })];

describe('situations', () => {
  it('1: labels with spaces, capitals, lines or as JSON mean the same, and no label counts twice', async () => {
    for (const given of [
      ' self-hosted , Linux,X64 ',
      'SELF-HOSTED\nlinux\nx64\nLinux',
      '["self-hosted","linux","x64"]',
    ]) {
      const { outputs } = await select({ with: { labels: given } });
      expect(outputs).toMatchObject({ reason: 'idle' });
      expect((JSON.parse(outputs['runs-on'] ?? '') as string[]).map((label) => label.toLowerCase())).toEqual([
        'self-hosted',
        'linux',
        'x64',
      ]);
    }
  });

  it('2: a runner with more labels matches, one with fewer does not', async () => {
    const more = await select({ fleet: fleet({ runners: [runner(1, { labels: [...labels, 'gpu'] })] }) });
    expect(more.outputs).toMatchObject({ reason: 'idle' });
    const fewer = await select({ fleet: fleet({ runners: [runner(1, { labels: labels.slice(1) })] }) });
    expect(fewer.outputs).toMatchObject({ reason: 'no-match' });
  });

  it.each([
    ['empty labels', undefined, { labels: ' , ' }, /Input 'labels' is empty/],
    [
      'a group for labels',
      undefined,
      { labels: '{group: big}' },
      /Input 'labels' is '{group: big}': .* pool/,
    ],
    [
      'a pool without labels',
      'pools: { a: { runs-on: [] } }',
      {},
      /pools\.a\.runs-on: .*list of labels that is not empty/,
    ],
    ['a pool twice', 'pools:\n  a: { runs-on: x }\n  a: { runs-on: y }\n', {}, /this key stands here twice/],
    [
      'an unknown key',
      'pools: { a: { runs-on: x, min-fre: 1 } }',
      {},
      /found 'min-fre', .* Did you mean 'min-free'/,
    ],
    ['no pools', 'pools: {}', {}, /declares no pools/],
  ])('3: %s is an error at once', async (_name, config, inputs, message) => {
    const { exitCode, annotations } = await select({
      ...(config === undefined ? {} : { config }),
      with: inputs,
    });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });

  it('4: the only match of 250 runners is found on page 3, and paging stops there', async () => {
    const others = Array.from({ length: 249 }, (_, index) => runner(index + 1, { labels: ['windows'] }));
    const more = Array.from({ length: 100 }, (_, index) => runner(index + 251));
    const { outputs, requests } = await select({
      fleet: fleet({ runners: [...others, runner(250), ...more] }),
    });
    expect(outputs).toMatchObject({ reason: 'idle' });
    expect(
      requests.filter(({ path }) => path.endsWith('/runners')).map(({ query }) => query['page']),
    ).toEqual(['1', '2', '3']);
  });

  it('5: a runner that is on two pages counts once, and a server that repeats a page ends', async () => {
    const runners = Array.from({ length: 150 }, (_, index) => runner(index + 1, { busy: index > 0 }));
    const given = fleet({ runners });
    const { outputs, report, exitCode } = await select({
      fleet: given,
      fault: { kind: 'lying-link', match: '/repos/octo/app/actions/runners' },
      with: { 'min-free': '2' },
    });
    expect([exitCode, outputs['reason']]).toEqual([0, 'busy']);
    expect(report?.pools[0]).toMatchObject({ matching: 100, free: 1 });
  });

  it('6: a repository of a user has no organization, and its own runners count', async () => {
    const given = fleet({ runners: busy, owner: { login: 'octo', kind: 'user' } });
    const { outputs, annotations } = await select({ fleet: given });
    expect(outputs).toMatchObject({ reason: 'busy', confidence: 'high' });
    expect(annotations).toEqual([]);
  });

  const inGroup = (group: object, isPublic = false) =>
    fleet({
      isPublic,
      organization_runners: [runner(1, { runner_group_id: 2 })],
      runner_groups: [{ id: 2, name: 'big', visibility: 'all', ...group }],
    });
  it.each([
    [
      'is not shown to this repository',
      inGroup({ visibility: 'selected', selected_repositories: [] }),
      'group-not-visible',
    ],
    [
      'allows no public repositories, and this one is',
      inGroup({ allows_public_repositories: false }, true),
      'group-not-visible',
    ],
    [
      'is for other workflows',
      inGroup({
        restricted_to_workflows: true,
        selected_workflows: ['octo/app/.github/workflows/release.yml@refs/heads/main'],
      }),
      'group-not-visible',
    ],
    [
      'is for this workflow',
      inGroup({
        restricted_to_workflows: true,
        selected_workflows: ['octo/app/.github/workflows/ci.yml@refs/heads/main'],
      }),
      'idle',
    ],
  ])('7: a group that %s', async (_name, given, reason) => {
    const event = { name: 'push', payload: { repository: { private: given.repositories[0]?.private } } };
    expect((await select({ fleet: given, event })).outputs).toMatchObject({ reason });
  });

  it('7: a group that is listed, and yet allows no public repositories, is left in a public one', async () => {
    const event = { name: 'push', payload: { repository: { private: false } } };
    const given = inGroup({ allows_public_repositories: false });
    expect((await select({ fleet: given, event })).outputs).toMatchObject({ reason: 'group-not-visible' });
  });

  it.each(['main', 'refs/heads/main', sha])('7: a group may name this workflow at %s', async (ref) => {
    const given = inGroup({
      restricted_to_workflows: true,
      selected_workflows: [`octo/app/.github/workflows/ci.yml@${ref}`],
    });
    const at = async (commit: string) =>
      (await select({ fleet: given, env: { GITHUB_WORKFLOW_SHA: commit } })).outputs;
    expect(await at(sha)).toMatchObject({ reason: 'idle' });
    expect(await at('0'.repeat(40))).toMatchObject({ reason: ref === sha ? 'group-not-visible' : 'idle' });
  });

  it('8: groups that may not be read lower the confidence, with one warning', async () => {
    const { outputs, annotations } = await select({
      fleet: inGroup({}),
      fault: { kind: 'status', status: 403, match: 'runner-groups' },
    });
    expect(outputs).toMatchObject({ reason: 'idle', confidence: 'medium' });
    expect(annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  it.each([
    ['queue', {}, true],
    ['fallback', {}, false],
    ['fallback', { 'min-free': '2' }, false],
  ])('9: all are busy, or too few free, with %s %o', async (policy, inputs, taken) => {
    const runners = 'min-free' in inputs ? [...busy, runner(2)] : busy;
    const { outputs } = await select({
      fleet: fleet({ runners }),
      with: { 'when-busy': policy, ...inputs } as Record<string, string>,
    });
    expect(outputs['is-self-hosted']).toBe(String(taken));
  });

  it('10: with when-busy: queue, one runner that is online is enough to stop at', async () => {
    const runners = Array.from({ length: 250 }, (_, index) => runner(index + 1, { busy: true }));
    const { outputs, requests } = await select({ fleet: fleet({ runners }), with: { 'when-busy': 'queue' } });
    expect(outputs).toMatchObject({ reason: 'online' });
    expect(requests.filter(({ path }) => path.endsWith('/app/actions/runners'))).toHaveLength(1);
  });

  it('10: busy alone is no reason to leave with when-busy: queue', async () => {
    expect(
      (await select({ fleet: fleet({ runners: busy }), with: { 'when-busy': 'queue' } })).outputs,
    ).toMatchObject({ reason: 'online', 'is-self-hosted': 'true' });
  });

  it.each([
    ['401', { kind: 'status', status: 401 }],
    [
      '403',
      { kind: 'status', status: 403, headers: { 'x-accepted-github-permissions': 'administration=read' } },
    ],
    ['404', { kind: 'status', status: 404 }],
    ['502', { kind: 'status', status: 502 }],
    ['a stall', { kind: 'stall' }],
    ['invalid JSON', { kind: 'invalid-json' }],
    ['HTML', { kind: 'html' }],
  ] as [string, FaultRule][])(
    '11: %s is unknown, the policy decides, and the step stays green unless on-error: fail',
    async (name, fault) => {
      const given = { fault: { ...fault, match: 'runners' } as FaultRule };
      const inputs = fault.kind === 'stall' ? { deadline: '2s', token: '' } : { token: '' };
      const green = await select({ ...given, with: inputs });
      expect([green.exitCode, green.outputs['runs-on'], green.outputs['confidence']]).toEqual([
        0,
        '"ubuntu-latest"',
        'low',
      ]);
      if (name === '403') expect(green.annotations[0]?.message).toContain('administration=read');
      const used = await select({ ...given, with: { ...inputs, 'on-unknown': 'use' } });
      expect(used.outputs['is-self-hosted']).toBe('true');
      const red = await select({ ...given, with: { ...inputs, 'on-error': 'fail' } });
      expect(red.exitCode).toBe(1);
    },
  );

  it('11: with on-error: fail the answer is fail, so that no job goes on without it', async () => {
    const fault = { kind: 'status', status: 502, match: 'runners' } as const;
    const { exitCode, outputs } = await select({ fault, with: { token: '', 'on-error': 'fail' } });
    expect([exitCode, outputs['decision'], outputs['runs-on']]).toEqual([1, 'fail', '""']);
  });

  it('11: a runner-token that has expired is told of, though recent jobs answer instead', async () => {
    const { outputs, annotations } = await select({
      fleet: fleet(past({ at: 5 })),
      fault: { kind: 'status', status: 401, match: 'runner' },
    });
    expect(outputs).toMatchObject({ reason: 'idle', source: 'history' });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^What history says decides, since a better source failed: .*401 the token/),
    ]);
  });

  it('12: an empty runner-token is none: no call is sent with it', async () => {
    const { outputs, requests } = await select({ with: { 'runner-token': '', token: '' } });
    expect(outputs).toMatchObject({ reason: 'token-missing', 'runs-on': '"ubuntu-latest"' });
    expect(requests).toEqual([]);
  });

  it('13: a rate limit of 40 minutes is not slept out', async () => {
    const { outputs } = await select({
      fault: { kind: 'rate-limit', resetSeconds: 2400, match: '.' },
      with: { token: '' },
    });
    expect(outputs).toMatchObject({ reason: 'rate-limited', 'runs-on': '"ubuntu-latest"' });
  });

  it('14: GITHUB_API_URL is where GitHub is, with the path of an Enterprise Server', async () => {
    const given = fleet({ runners: [runner(1)] });
    const { outputs, requests } = await select({
      fleet: given,
      serverPath: '/api/v3',
      with: { fallback: 'skip' },
      env: { GITHUB_SERVER_URL: 'https://ghe.example' },
    });
    expect(outputs).toMatchObject({ reason: 'idle' });
    expect(requests.length).toBeGreaterThan(0);
  });

  it.each([
    ['["a","b"]', ['a', 'b']],
    ['{group: larger, labels: [x]}', { group: 'larger', labels: ['x'] }],
  ])('15: the fallback %s keeps its shape, after an error too', async (fallback, expected) => {
    for (const fault of [undefined, { kind: 'status', status: 500, match: '.' }] as (
      FaultRule | undefined
    )[]) {
      const { outputs } = await select({
        fleet: fleet(),
        ...(fault ? { fault } : {}),
        with: { fallback, deadline: '2s' },
      });
      expect(JSON.parse(outputs['runs-on'] ?? '')).toEqual(expected);
    }
  });

  it('16: a single label is JSON for fromJSON, and plain in an output of its own', async () => {
    const { outputs } = await select({
      fleet: fleet({ runners: [runner(1, { labels: ['mac'] })] }),
      with: { labels: 'mac' },
    });
    expect(outputs).toMatchObject({ 'runs-on': '"mac"', label: 'mac' });
  });
});
