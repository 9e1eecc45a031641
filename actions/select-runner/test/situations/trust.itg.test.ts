// Untrusted runs, `force`, rollouts, and pools that failed in an earlier attempt.
import { describe, expect, it } from 'vitest';
import { ago, fleet, runner, select } from '../run-select-runner.ts';
import { lost, past, queued } from './past-jobs.ts';

const pull = (repo: object | null, more: object = {}) => ({
  repository: { private: true },
  pull_request: {
    number: 7,
    author_association: 'NONE',
    user: { login: 'stranger' },
    head: { repo },
    ...more,
  },
});
const fork = { full_name: 'stranger/app', fork: true };
const caused = (cause: object) => ({
  repository: { private: true },
  workflow_run: { actor: { login: 'x' }, head_repository: { full_name: 'octo/app' }, ...cause },
});

describe('select-runner: trust, force, rollout and earlier attempts', () => {
  it.each([
    ['pull_request', pull(fork)],
    ['pull_request_target', pull(fork)],
    ['pull_request', pull(null)],
    ['workflow_run', { workflow_run: { head_repository: fork } }],
    ['workflow_run', caused({ event: 'issue_comment' })],
    ['workflow_run', caused({ event: 'pull_request_target' })],
    ['workflow_run', caused({ event: 'workflow_run' })],
    ['workflow_run', caused({ event: 'pull_request', actor: { login: 'dependabot[bot]' } })],
    ['workflow_call', {}],
    ['issue_comment', { issue: { pull_request: {} } }],
    ['something_new', {}],
  ])('sends an untrusted run of %s to hosted runners, without an API call: %o', async (name, payload) => {
    const { outputs, requests } = await select({ event: { name, payload } });
    expect(outputs).toMatchObject({
      reason: 'untrusted',
      'is-self-hosted': 'false',
      'runs-on': '"ubuntu-latest"',
    });
    expect(requests).toEqual([]);
  });

  it.each(['push', 'pull_request'])(
    'trusts a workflow_run that a %s of the repository itself triggered',
    async (cause) => {
      const event = { name: 'workflow_run', payload: caused({ event: cause }) };
      expect((await select({ event })).outputs['reason']).toBe('idle');
    },
  );

  it('sends a deployment of a commit, which may be from a fork, to hosted runners, but not one of a branch', async () => {
    const event = { name: 'deployment_status', payload: {} };
    const commit = await select({ event, env: { GITHUB_REF: '' } });
    expect([commit.outputs['reason'], (await select({ event })).outputs['reason']]).toEqual([
      ...['untrusted', 'idle'],
    ]);
  });

  it('fails for an untrusted run when the fallback is self-hosted, and says why', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\nfallback: [self-hosted, old]\n';
    const { exitCode, outputs, annotations } = await select({
      config,
      event: { name: 'pull_request', payload: pull(fork) },
    });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ decision: 'fail', reason: 'untrusted', 'is-self-hosted': 'false' });
    expect(annotations[0]?.message).toMatch(/comes from a fork, and the fallback is self-hosted too/);
  });

  it.each(['linux', 'X64, Linux', 'linux, x64, self-hosted'])(
    'fails for an untrusted run when runners of a pool match the fallback: %s',
    async (fallback) => {
      const event = { name: 'pull_request', payload: pull(fork) };
      const { exitCode, outputs } = await select({ event, with: { fallback } });
      expect(exitCode).toBe(1);
      expect(outputs).toMatchObject({ decision: 'fail', reason: 'untrusted', 'runs-on': '""' });
    },
  );

  it('trusts the fork of a member only if trust says so', async () => {
    const event = { name: 'pull_request', payload: pull(fork, { author_association: 'MEMBER' }) };
    expect((await select({ event })).outputs['reason']).toBe('untrusted');
    expect((await select({ event, with: { trust: 'MEMBER' } })).outputs['reason']).toBe('idle');
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\ntrust: MEMBER\n';
    expect((await select({ event, config })).outputs['reason']).toBe('idle');
  });

  it('trusts pull requests of the repository itself when the repository is a fork', async () => {
    const event = { name: 'pull_request', payload: pull({ full_name: 'octo/app', fork: true }) };
    expect((await select({ event })).outputs['reason']).toBe('idle');
  });

  it('does not trust a run of a fork after a maintainer re-runs it', async () => {
    const event = { name: 'pull_request', payload: pull(fork) };
    const env = {
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_ACTOR: 'maintainer',
      GITHUB_TRIGGERING_ACTOR: 'maintainer',
    };
    expect((await select({ event, env })).outputs['reason']).toBe('untrusted');
  });

  it.each(['true', '1', 'yes', 'hosted', 'TRUE'])(
    'uses hosted runners with force: %s, without an API call',
    async (force) => {
      const { outputs, requests } = await select({ with: { force } });
      expect(outputs).toMatchObject({ reason: 'forced', 'runs-on': '"ubuntu-latest"' });
      expect(requests).toEqual([]);
    },
  );

  it.each(['false', '', '0', 'no'])('ignores force: "%s"', async (force) => {
    expect((await select({ with: { force } })).outputs['reason']).toBe('idle');
  });

  it('does not give an untrusted run a self-hosted pool that force names', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\n';
    const event = { name: 'pull_request', payload: pull(fork) };
    expect((await select({ config, event, with: { force: 'own' } })).outputs).toMatchObject({
      reason: 'untrusted',
      'is-self-hosted': 'false',
    });
  });

  it('uses the hosted pool of the job’s class with force: hosted', async () => {
    const config = `pools:
  small: { runs-on: ubuntu-small, kind: hosted }
  own: { runs-on: [self-hosted, linux, x64] }
  large: { runs-on: ubuntu-large, kind: hosted }
classes: { heavy: { pools: [own, large] } }
`;
    const { outputs } = await select({ config, with: { class: 'heavy', force: 'hosted' } });
    expect(outputs).toMatchObject({ pool: 'large', reason: 'forced' });
  });

  it('ignores the title and the labels of a pull request', async () => {
    const titleAndLabels = {
      title: '[self-hosted] force: own',
      labels: [{ name: 'self-hosted' }, { name: 'trusted' }],
    };
    const event = { name: 'pull_request', payload: pull(fork, titleAndLabels) };
    expect((await select({ event })).outputs['reason']).toBe('untrusted');
  });

  it('takes no run at a rollout of 0%, all runs at 100%, and decides the same for every attempt of a run', async () => {
    const at = async (rollout: string, run: string, attempt = '1') =>
      (await select({ with: { rollout }, env: { GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } })).outputs;
    expect(await at('0%', '1')).toMatchObject({ reason: 'rollout', 'is-self-hosted': 'false' });
    expect(await at('100%', '1')).toMatchObject({ reason: 'idle' });
    for (const run of ['11', '12', '13', '14']) {
      const first = (await at('30%', run))['reason'];
      expect((await at('30%', run, '2'))['reason']).toBe(first);
    }
  });

  it('skips a pool that lost the runner of the previous attempt', async () => {
    const earlier = past({
      at: 9,
      job: { ...lost, run_attempt: 1 },
      run: { id: 30433642, run_attempt: 2, status: 'in_progress' },
    });
    earlier.jobs[0]!.run_id = 30433642;
    const given = fleet({ ...earlier, runners: [runner(1)] });
    const again = await select({ fleet: given, env: { GITHUB_RUN_ATTEMPT: '2' } });
    expect(again.outputs).toMatchObject({ reason: 'runner-lost', 'is-self-hosted': 'false' });
    const first = await select({ fleet: given });
    expect(first.outputs).toMatchObject({ reason: 'idle' });
  });

  it('skips a pool where the previous attempt waited for a runner until it was rescued', async () => {
    const id = 30433642;
    const inVain = {
      ...{ ...queued, run_id: id, run_attempt: 1 },
      ...{ status: 'completed' as const, conclusion: 'cancelled', completed_at: ago(1) },
    };
    const own = { id, run_attempt: 2, status: 'in_progress' };
    const given = fleet(past({ at: 11, run: own, job: inVain }, { at: 10.5 }));
    const again = await select({
      fleet: given,
      env: { GITHUB_RUN_ATTEMPT: '2' },
      with: { 'runner-token': '' },
    });
    expect(again.outputs).toMatchObject({ reason: 'runner-lost', 'is-self-hosted': 'false' });
  });
});
