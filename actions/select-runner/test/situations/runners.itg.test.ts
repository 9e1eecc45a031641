// Labels, lists of runners, runner groups, and failures of the API.
import type { FaultRule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { fleet, labels, runner, select, sha } from '../run-select-runner.ts';
import { past } from './past-jobs.ts';

const busy = [runner(1, { busy: true })];

describe('select-runner: labels, runners and groups', () => {
  it('accepts labels with spaces, capitals, line breaks or as JSON, and removes duplicates', async () => {
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

  it('matches a runner with more labels, but not one with fewer', async () => {
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
    ['a duplicate pool', 'pools:\n  a: { runs-on: x }\n  a: { runs-on: y }\n', {}, /duplicate key/],
    [
      'an unknown key',
      'pools: { a: { runs-on: x, min-fre: 1 } }',
      {},
      /found 'min-fre', .* Did you mean 'min-free'/,
    ],
    ['no pools', 'pools: {}', {}, /declares no pools/],
  ])('rejects %s', async (_name, config, inputs, message) => {
    const { exitCode, annotations } = await select({
      ...(config === undefined ? {} : { config }),
      with: inputs,
    });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });

  it('finds the only match among 250 runners on page 3, and reads no further page', async () => {
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

  it('counts a runner on two pages once, and stops when the server repeats a page', async () => {
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

  it('uses the runners of a user’s repository, which has no organization', async () => {
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
      'does not allow public repositories, in a public repository',
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
  ])('decides correctly for a runner group that %s', async (_name, given, reason) => {
    const event = { name: 'push', payload: { repository: { private: given.repositories[0]?.private } } };
    expect((await select({ fleet: given, event })).outputs).toMatchObject({ reason });
  });

  it('skips a listed group that does not allow public repositories when only the event shows a public repository', async () => {
    const event = { name: 'push', payload: { repository: { private: false } } };
    const given = inGroup({ allows_public_repositories: false });
    expect((await select({ fleet: given, event })).outputs).toMatchObject({ reason: 'group-not-visible' });
  });

  it.each(['main', 'refs/heads/main', sha])(
    'uses a group that is restricted to this workflow at %s',
    async (ref) => {
      const given = inGroup({
        restricted_to_workflows: true,
        selected_workflows: [`octo/app/.github/workflows/ci.yml@${ref}`],
      });
      const at = async (commit: string) =>
        (await select({ fleet: given, env: { GITHUB_WORKFLOW_SHA: commit } })).outputs;
      expect(await at(sha)).toMatchObject({ reason: 'idle' });
      expect(await at('0'.repeat(40))).toMatchObject({ reason: ref === sha ? 'group-not-visible' : 'idle' });
    },
  );

  it('lowers the confidence and warns once when the runner groups cannot be read', async () => {
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
  ])('applies when-busy: %s %o when too few runners are free', async (policy, inputs, taken) => {
    const runners = 'min-free' in inputs ? [...busy, runner(2)] : busy;
    const { outputs } = await select({
      fleet: fleet({ runners }),
      with: { 'when-busy': policy, ...inputs } as Record<string, string>,
    });
    expect(outputs['is-self-hosted']).toBe(String(taken));
  });

  it('stops reading at the first online runner with when-busy: queue', async () => {
    const runners = Array.from({ length: 250 }, (_, index) => runner(index + 1, { busy: true }));
    const { outputs, requests } = await select({ fleet: fleet({ runners }), with: { 'when-busy': 'queue' } });
    expect(outputs).toMatchObject({ reason: 'online' });
    expect(requests.filter(({ path }) => path.endsWith('/app/actions/runners'))).toHaveLength(1);
  });

  it('uses a pool whose runners are all busy with when-busy: queue', async () => {
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
    'treats %s as unknown, applies on-unknown, and fails only with on-error: fail',
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

  it('sets the decision fail with on-error: fail', async () => {
    const fault = { kind: 'status', status: 502, match: 'runners' } as const;
    const { exitCode, outputs } = await select({ fault, with: { token: '', 'on-error': 'fail' } });
    expect([exitCode, outputs['decision'], outputs['runs-on']]).toEqual([1, 'fail', '""']);
  });

  it('warns about an expired runner-token when recent jobs give the answer instead', async () => {
    const { outputs, annotations } = await select({
      fleet: fleet(past({ at: 5 })),
      fault: { kind: 'status', status: 401, match: 'runner' },
    });
    expect(outputs).toMatchObject({ reason: 'idle', source: 'history' });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The source 'history' decides, because a better source failed: .*401 the token/),
    ]);
  });

  it('treats an empty runner-token as not given, and sends no API call with it', async () => {
    const { outputs, requests } = await select({ with: { 'runner-token': '', token: '' } });
    expect(outputs).toMatchObject({ reason: 'token-missing', 'runs-on': '"ubuntu-latest"' });
    expect(requests).toEqual([]);
  });

  it('does not wait for a rate limit of 40 minutes to end', async () => {
    const { outputs } = await select({
      fault: { kind: 'rate-limit', resetSeconds: 2400, match: '.' },
      with: { token: '' },
    });
    expect(outputs).toMatchObject({ reason: 'rate-limited', 'runs-on': '"ubuntu-latest"' });
  });

  it('uses GITHUB_API_URL with the path of an Enterprise Server', async () => {
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
  ])('keeps the shape of the fallback %s, even after an error', async (fallback, expected) => {
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

  it('outputs a single label as JSON in runs-on, and as plain text in label', async () => {
    const { outputs } = await select({
      fleet: fleet({ runners: [runner(1, { labels: ['mac'] })] }),
      with: { labels: 'mac' },
    });
    expect(outputs).toMatchObject({ 'runs-on': '"mac"', label: 'mac' });
  });
});
