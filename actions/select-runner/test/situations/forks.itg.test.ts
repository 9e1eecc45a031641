// Pull requests from forks with the settings `permission:…` and `label:…` of `trust`.
import {
  type Fault,
  type FaultRule,
  type Fleet,
  type FleetCollaborator,
  launchJob,
  stableId,
} from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, fleet, runner, select, sha, simulate } from '../run-select-runner.ts';

const path = '/repos/octo/app/collaborators/ada/permission';
const ada = { login: 'ada', id: stableId('ada') };
const fork = { full_name: 'ada/app', fork: true };
const isPermission = (request: { path: string }) => request.path.endsWith('/permission');

interface Fork {
  role?: FleetCollaborator['role'];
  /** The account that GitHub knows under the login of the author. */
  account?: { login: string; id: number };
  isPublic?: boolean;
  name?: string;
  pull?: object;
  more?: object;
  trust?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
  config?: string;
  fault?: FaultRule;
}

/** The event of a pull request that `ada` opened from her fork. */
function eventOf({ name = 'pull_request', isPublic = false, pull = {}, more = {} }: Fork) {
  const own = { number: 7, author_association: 'NONE', user: ada, head: { sha, repo: fork } };
  return {
    name,
    payload: {
      repository: { private: !isPublic },
      sender: { login: 'boss', id: 1 },
      pull_request: { ...own, ...pull },
      ...more,
    },
  };
}

function fleetOf({ role, account = ada, isPublic = false }: Fork): Fleet {
  const collaborators = [
    { login: 'boss', id: 1, role: 'admin' as const },
    ...(role === undefined ? [] : [{ ...account, role }]),
  ];
  const repository = { id: 1296269, name: 'app', private: !isPublic, runners: [runner(1)] };
  return fleet({ repositories: [{ ...repository, collaborators }] });
}

async function selectForFork(given: Fork) {
  const result = await select({
    fleet: fleetOf(given),
    event: eventOf(given),
    with: { ...(given.trust === undefined ? {} : { trust: given.trust }), ...given.with },
    ...(given.env === undefined ? {} : { env: given.env }),
    ...(given.config === undefined ? {} : { config: given.config }),
    ...(given.fault === undefined ? {} : { fault: given.fault }),
  });
  return {
    ...result,
    reason: result.outputs['reason'],
    trust: result.report?.trust,
    asked: result.requests.filter(isPermission).map((request) => request.path),
  };
}

describe('select-runner: the permission of the author of a pull request', () => {
  it.each(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])(
    'trusts a fork for %s if GitHub says that its author may write, and asks once',
    async (name) => {
      const { reason, trust, asked, report, requests } = await selectForFork({
        ...{ name, role: 'write', trust: 'permission:write' },
      });
      expect([reason, asked]).toEqual(['idle', [path]]);
      expect(trust).toEqual({ trusted: true, why: 'the author has the permission write, which is trusted' });
      expect(report?.['api-calls']).toBe(requests.length);
    },
  );

  it.each([
    ['admin', 'permission:admin', 'idle'],
    ['maintain', 'permission:write', 'idle'],
    ['maintain', 'permission:admin', 'untrusted'],
    ['triage', 'permission:write', 'untrusted'],
    ['read', 'permission:write', 'untrusted'],
    [undefined, 'permission:write', 'untrusted'],
  ] as const)('decides for the role %s and trust: %s: %s', async (role, trust, expected) => {
    const { reason, asked } = await selectForFork({ trust, ...(role === undefined ? {} : { role }) });
    expect([reason, asked]).toEqual([expected, [path]]);
  });

  it('does not trust a stranger in a public repository, which everyone may read, and says why', async () => {
    const { trust, outputs, annotations } = await selectForFork({
      isPublic: true,
      trust: 'permission:write',
    });
    expect(trust?.why).toBe(
      'the pull request comes from a fork; its author has the permission read, not write',
    );
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', 'runs-on': '"ubuntu-latest"' });
    expect(annotations).toEqual([]);
  });

  it('asks for the author, not for the maintainer who re-runs the run or adds a label', async () => {
    const { reason, asked } = await selectForFork({
      trust: 'permission:write',
      env: { GITHUB_ACTOR: 'boss', GITHUB_TRIGGERING_ACTOR: 'boss', GITHUB_RUN_ATTEMPT: '2' },
      more: { action: 'labeled', label: { name: 'safe' } },
    });
    expect([reason, asked]).toEqual(['untrusted', [path]]);
  });

  it('reads the setting from the configuration of the default branch', async () => {
    const config =
      'pools: { own: { runs-on: [self-hosted, linux, x64] } }\ntrust: [MEMBER, permission:write]\n';
    expect((await selectForFork({ role: 'write', config })).reason).toBe('idle');
    expect((await selectForFork({ role: 'read', config })).reason).toBe('untrusted');
  });

  it.each<[string, Fork]>([
    ['the repository itself', { pull: { head: { sha, repo: { full_name: 'octo/app' } } } }],
    [
      'a member, if members are trusted',
      { trust: 'permission:write, member', pull: { author_association: 'MEMBER' } },
    ],
    [
      'a trusted label',
      { trust: 'permission:write, label:x', more: { action: 'labeled', label: { name: 'x' } } },
    ],
  ])('does not ask for a pull request of %s', async (_case, given) => {
    const { reason, asked } = await selectForFork({ trust: 'permission:write', ...given });
    expect([reason, asked]).toEqual(['idle', []]);
  });

  it.each<[string, Fork]>([
    [
      'from the fork of another user, who can push to it',
      { pull: { head: { sha, repo: { full_name: 'eve/app' } } } },
    ],
    ['from a fork that is gone', { pull: { head: { sha, repo: null } } }],
    ['of an account that is gone', { pull: { user: null } }],
    ['of Dependabot', { pull: { user: { login: 'dependabot[bot]', id: 49699333 } } }],
    ['for another event', { name: 'issue_comment' }],
    [
      'for a run that a pull request triggered',
      {
        name: 'workflow_run',
        more: { workflow_run: { event: 'pull_request', head_repository: fork, actor: ada } },
      },
    ],
    ['without a setting', { trust: '' }],
    ['if the setting is about labels', { trust: 'label:permission:write' }],
  ])('neither asks nor trusts %s, even if the author is an administrator', async (_case, given) => {
    const { reason, requests } = await selectForFork({ role: 'admin', trust: 'permission:write', ...given });
    expect([reason, requests]).toEqual(['untrusted', []]);
  });

  it('sends no request if all jobs are forced to hosted runners', async () => {
    const { reason, requests } = await selectForFork({
      ...{ role: 'admin', trust: 'permission:write', with: { force: 'hosted' } },
    });
    expect([reason, requests]).toEqual(['forced', []]);
  });

  it('does not trust an account that took the login of the author', async () => {
    const { trust } = await selectForFork({
      ...{ role: 'admin', trust: 'permission:write', account: { login: 'ada', id: 8 } },
    });
    expect(trust).toMatchObject({
      trusted: false,
      why: expect.stringMatching(/may have a new name$/) as string,
    });
  });

  it.each<[string, Fault, RegExp]>([
    ['401', { kind: 'status', status: 401 }, /401 the token is invalid or has expired/],
    [
      '403',
      { kind: 'status', status: 403, message: 'Resource not accessible by integration' },
      /403 the token lacks a permission/,
    ],
    ['404', { kind: 'status', status: 404 }, /404 not found, or not visible to the token/],
    ['500', { kind: 'status', status: 500 }, /500 GitHub had a server error/],
    ['a rate limit', { kind: 'rate-limit' }, /403 the rate limit is exceeded/],
    ['a connection that breaks', { kind: 'reset' }, /permission: /],
    ['half a response', { kind: 'truncate' }, /permission: /],
    ['a web page', { kind: 'html' }, /not JSON/],
    ['invalid JSON', { kind: 'invalid-json' }, /permission: /],
    ['no response', { kind: 'stall' }, /no response before the deadline/],
  ])('does not trust the run if GitHub answers with %s, and says so', async (_case, fault, detail) => {
    const { outputs, trust, annotations, exitCode } = await selectForFork({
      ...{ role: 'admin', trust: 'permission:write', with: { deadline: '3s' } },
      fault: { ...fault, match: /\/permission/ },
    });
    expect(outputs).toMatchObject({ reason: 'untrusted', 'is-self-hosted': 'false' });
    expect(trust?.why).toMatch(
      /^the pull request comes from a fork; the permission of its author is unknown: /,
    );
    expect(trust?.why).toMatch(detail);
    expect(annotations).toMatchObject([
      { level: 'warning', message: expect.stringMatching(detail) as string },
    ]);
    expect(exitCode).toBe(0);
  });

  it('does not trust the run without a token, and says so', async () => {
    const { trust, requests } = await selectForFork({
      ...{ role: 'admin', trust: 'permission:write', with: { token: '' } },
    });
    expect(trust?.why).toMatch(/the permission of its author is unknown: the input 'token' is empty$/);
    expect(requests).toEqual([]);
  });
});

it('has set the fallback as output when it is cancelled before GitHub answers about the author', async () => {
  const simulator = await simulate(fleetOf({ role: 'admin' }));
  simulator.fault({ kind: 'stall', match: '/permission' });
  const controller = new AbortController();
  const poll = setInterval(() => simulator.requests.some(isPermission) && controller.abort(), 20);
  const inputs = { labels: 'self-hosted', trust: 'permission:write', deadline: '30s' };
  const job = await launchJob({
    ...{ env: { GITHUB_API_URL: simulator.url }, event: eventOf({}), cancel: controller.signal },
    steps: [{ action, with: inputs }],
  });
  clearInterval(poll);
  expect(job.conclusion).toBe('cancelled');
  expect(job.steps[0]?.outputs).toMatchObject({ 'is-self-hosted': 'false', 'runs-on': '"ubuntu-latest"' });
});

const labelled = { action: 'labeled', label: { name: 'safe to test' } };

describe('select-runner: a trusted label', () => {
  it.each(['pull_request', 'pull_request_target'])(
    'trusts the run of %s that adding the label to the pull request of a stranger started',
    async (name) => {
      const { reason, stdout, asked } = await selectForFork({
        name,
        trust: 'label: safe to test',
        more: labelled,
      });
      expect([reason, asked]).toEqual(['idle', []]);
      expect(stdout).toContain("run is trusted: the label 'safe to test' was added for the commit acb5820.");
    },
  );

  it.each<[string, Fork]>([
    ['a push after it', { more: { action: 'synchronize' } }],
    ['another label while it is present', { more: { action: 'labeled', label: { name: 'bug' } } }],
    ['a label that differs in case', { more: { action: 'labeled', label: { name: 'Safe to test' } } }],
    ['its removal', { more: { ...labelled, action: 'unlabeled' } }],
    ['a review', { name: 'pull_request_review', more: { action: 'submitted' } }],
    ['a comment', { name: 'issue_comment', more: { issue: { pull_request: {}, labels: [labelled.label] } } }],
  ])('does not trust the run that %s started', async (_case, given) => {
    const pull = { labels: [labelled.label] };
    const { reason, requests } = await selectForFork({ trust: 'label:safe to test', pull, ...given });
    expect([reason, requests]).toEqual(['untrusted', []]);
  });

  it.each([
    ['label:ci: safe', 'ci: safe'],
    ['["label:safe, really", "MEMBER"]', 'safe, really'],
    ['MEMBER\nlabel:ok-to-test\n', 'ok-to-test'],
    ['label::rocket:', ':rocket:'],
  ])('takes the setting %j for the label "%s"', async (trust, name) => {
    const { reason } = await selectForFork({ trust, more: { action: 'labeled', label: { name } } });
    expect(reason).toBe('idle');
  });

  it('reads a label from the configuration', async () => {
    const config = "pools: { own: { runs-on: [self-hosted, linux, x64] } }\ntrust: 'label: a, b'\n";
    const label = { name: 'a, b' };
    expect((await selectForFork({ config, more: { action: 'labeled', label } })).reason).toBe('idle');
    expect((await selectForFork({ config, more: { action: 'synchronize' } })).reason).toBe('untrusted');
  });
});

describe('select-runner: the input trust', () => {
  it.each([
    [
      'permission:read',
      "'permission:read': expected one of permission:write, permission:admin: everyone may read",
    ],
    ['permission:owner', "'permission:owner': expected one of permission:write, permission:admin."],
    [
      'MEMBER, friends',
      "'friends': expected one of same-repository, OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, ",
    ],
    ['label:', "'label:': expected one of same-repository, "],
  ])('fails for %s, and says what is valid', async (trust, message) => {
    const { exitCode, outputs, annotations } = await selectForFork({ trust });
    expect([exitCode, outputs['decision']]).toEqual([1, 'fail']);
    expect(annotations[0]?.message).toContain(`Input 'trust' is ${message}`);
  });
});
