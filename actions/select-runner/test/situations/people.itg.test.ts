// Situations 32 to 39: who asks, how many may, and what an earlier attempt met.
import { describe, expect, it } from 'vitest';
import { ago, fleet, runner, select } from '../select.ts';
import { lost, past, queued } from './past.ts';

const pull = (repo: object | null, more: object = {}) => ({
  repository: { private: true },
  pull_request: { number: 7, author_association: 'NONE', user: { login: 'x' }, head: { repo }, ...more },
});
const strange = { full_name: 'stranger/app', fork: true };
const caused = (cause: object) => ({
  repository: { private: true },
  workflow_run: { actor: { login: 'x' }, head_repository: { full_name: 'octo/app' }, ...cause },
});

describe('situations', () => {
  it.each([
    ['pull_request', pull(strange)],
    ['pull_request_target', pull(strange)],
    ['pull_request', pull(null)],
    ['workflow_run', { workflow_run: { head_repository: strange } }],
    ['workflow_run', caused({ event: 'issue_comment' })],
    ['workflow_run', caused({ event: 'pull_request_target' })],
    ['workflow_run', caused({ event: 'workflow_run' })],
    ['workflow_run', caused({ event: 'pull_request', actor: { login: 'dependabot[bot]' } })],
    ['workflow_call', {}],
    ['issue_comment', { issue: { pull_request: {} } }],
    ['something_new', {}],
  ])('32: %s of a stranger goes to hosted, and nobody is asked for runners', async (name, payload) => {
    const { outputs, requests } = await select({ event: { name, payload } });
    expect(outputs).toMatchObject({
      reason: 'untrusted',
      'is-self-hosted': 'false',
      'runs-on': '"ubuntu-latest"',
    });
    expect(requests).toEqual([]);
  });

  it.each(['push', 'pull_request'])(
    '32: a run that %s of the repository caused is trusted',
    async (cause) => {
      const event = { name: 'workflow_run', payload: caused({ event: cause }) };
      expect((await select({ event })).outputs['reason']).toBe('idle');
    },
  );

  it('32: a deployment of a commit, which may be a fork’s, goes to hosted; one of a branch does not', async () => {
    const event = { name: 'deployment_status', payload: {} };
    const commit = await select({ event, env: { GITHUB_REF: '' } });
    expect([commit.outputs['reason'], (await select({ event })).outputs['reason']]).toEqual([
      ...['untrusted', 'idle'],
    ]);
  });

  it('32: with no hosted fallback it fails, and says that it is for safety', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\nfallback: [self-hosted, old]\n';
    const { exitCode, outputs, annotations } = await select({
      config,
      event: { name: 'pull_request', payload: pull(strange) },
    });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ decision: 'fail', reason: 'untrusted', 'is-self-hosted': 'false' });
    expect(annotations[0]?.message).toMatch(/comes from a fork, and the fallback is self-hosted too/);
  });

  it.each(['linux', 'X64, Linux', 'linux, x64, self-hosted'])(
    '32: the fallback %s, which runners of a pool could take, is no way in',
    async (fallback) => {
      const event = { name: 'pull_request', payload: pull(strange) };
      const { exitCode, outputs } = await select({ event, with: { fallback } });
      expect(exitCode).toBe(1);
      expect(outputs).toMatchObject({ decision: 'fail', reason: 'untrusted', 'runs-on': '""' });
    },
  );

  it('33: a member’s fork is let in where trust says so, and not by default', async () => {
    const event = { name: 'pull_request', payload: pull(strange, { author_association: 'MEMBER' }) };
    expect((await select({ event })).outputs['reason']).toBe('untrusted');
    expect((await select({ event, with: { trust: 'MEMBER' } })).outputs['reason']).toBe('idle');
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\ntrust: MEMBER\n';
    expect((await select({ event, config })).outputs['reason']).toBe('idle');
  });

  it('34: a repository that is itself a fork trusts its own pull requests', async () => {
    const event = { name: 'pull_request', payload: pull({ full_name: 'octo/app', fork: true }) };
    expect((await select({ event })).outputs['reason']).toBe('idle');
  });

  it('35: a maintainer who re-runs a fork’s run does not make it trusted', async () => {
    const event = { name: 'pull_request', payload: pull(strange) };
    const env = {
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_ACTOR: 'maintainer',
      GITHUB_TRIGGERING_ACTOR: 'maintainer',
    };
    expect((await select({ event, env })).outputs['reason']).toBe('untrusted');
  });

  it.each(['true', '1', 'yes', 'hosted', 'TRUE'])(
    '36: force: %s is hosted, without a call',
    async (force) => {
      const { outputs, requests } = await select({ with: { force } });
      expect(outputs).toMatchObject({ reason: 'forced', 'runs-on': '"ubuntu-latest"' });
      expect(requests).toEqual([]);
    },
  );

  it.each(['false', '', '0', 'no'])('36: force: "%s" is off', async (force) => {
    expect((await select({ with: { force } })).outputs['reason']).toBe('idle');
  });

  it('36: a forced pool is no way in for a stranger', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\n';
    const event = { name: 'pull_request', payload: pull(strange) };
    expect((await select({ config, event, with: { force: 'own' } })).outputs).toMatchObject({
      reason: 'untrusted',
      'is-self-hosted': 'false',
    });
  });

  it('36: hosted is what the job’s class calls hosted', async () => {
    const config = `pools:
  small: { runs-on: ubuntu-small, kind: hosted }
  own: { runs-on: [self-hosted, linux, x64] }
  large: { runs-on: ubuntu-large, kind: hosted }
classes: { heavy: { pools: [own, large] } }
`;
    const { outputs } = await select({ config, with: { class: 'heavy', force: 'hosted' } });
    expect(outputs).toMatchObject({ pool: 'large', reason: 'forced' });
  });

  it('37: title and labels of a pull request move nothing', async () => {
    const words = {
      title: '[self-hosted] force: own',
      labels: [{ name: 'self-hosted' }, { name: 'trusted' }],
    };
    const event = { name: 'pull_request', payload: pull(strange, words) };
    expect((await select({ event })).outputs['reason']).toBe('untrusted');
  });

  it('38: a rollout takes nobody at 0%, all at 100%, and the same run at every attempt', async () => {
    const at = async (rollout: string, run: string, attempt = '1') =>
      (await select({ with: { rollout }, env: { GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } })).outputs;
    expect(await at('0%', '1')).toMatchObject({ reason: 'rollout', 'is-self-hosted': 'false' });
    expect(await at('100%', '1')).toMatchObject({ reason: 'idle' });
    for (const run of ['11', '12', '13', '14']) {
      const first = (await at('30%', run))['reason'];
      expect((await at('30%', run, '2'))['reason']).toBe(first);
    }
  });

  it('39: a pool that lost the runner of an earlier attempt is avoided', async () => {
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

  it('39: so is one where the attempt before waited in vain, until it was rescued', async () => {
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
