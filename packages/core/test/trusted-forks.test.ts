// Whom the setting `trust` lets use self-hosted runners from a fork: by permission, and by label.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentEvents, pullRequestEvents, writeAccessEvents } from '../src/trusted-events.ts';
import { assessTrust, authorInQuestion, cacheWritesOf, type TrustFacts } from '../src/trust.ts';

const repository = 'octo/app';
const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';
const ada = { login: 'ada', id: 7 };
const fork = { full_name: 'Ada/app', fork: true };

interface Case extends Partial<TrustFacts> {
  pull?: object;
  more?: object;
}

/** A pull request of `ada` from her own fork, which `trust: permission:write` covers. */
function facts({ pull = {}, more = {}, ...change }: Case = {}): TrustFacts {
  const author = { author_association: 'NONE', user: ada };
  return {
    eventName: 'pull_request',
    payload: { pull_request: { ...author, head: { sha, repo: fork }, ...pull }, ...more },
    ...{ repository, actor: 'maintainer', allowed: ['permission:write'] },
    ...change,
  };
}
const withPermission = (permission: string, change: Case = {}) =>
  assessTrust(facts({ author: { ...ada, permission }, ...change }));

describe('assessTrust, by the permission of the author', () => {
  it.each(pullRequestEvents)('trusts %s for a fork whose author may write', (eventName) => {
    expect(withPermission('write', { eventName })).toEqual({
      trusted: true,
      why: 'the author has the permission write, which is trusted',
    });
  });

  it.each([
    ['permission:write', ['write', 'admin']],
    ['permission:admin', ['admin']],
  ])('with %s, trusts %j only', (entry, expected) => {
    const given = ['admin', 'write', 'read', 'none', 'maintain', 'triage', 'Admin', ''];
    const trusted = given.filter((each) => withPermission(each, { allowed: [entry] }).trusted);
    expect(trusted.sort()).toEqual([...expected].sort());
  });

  it('needs the lower of two permissions that are named', () => {
    expect(withPermission('write', { allowed: ['permission:admin', 'permission:write'] }).trusted).toBe(true);
  });

  it('says which permission the author has, and which is needed', () => {
    const { why } = withPermission('write', { allowed: ['permission:admin'] });
    expect(why).toBe('the pull request comes from a fork; its author has the permission write, not admin');
  });

  it('does not trust a run without an answer of GitHub', () => {
    expect(assessTrust(facts())).toEqual({ trusted: false, why: 'the pull request comes from a fork' });
  });

  it.each<[string, Case]>([
    ['if no permission is named', { allowed: ['MEMBER', 'label:permission:write', 'dependabot'] }],
    ['if GitHub answers for another login', { author: { ...ada, login: 'grace', permission: 'admin' } }],
    ['if the login belongs to another account now', { author: { ...ada, id: 8, permission: 'admin' } }],
    ['if the payload has no id of the author', { pull: { user: { login: 'ada' } } }],
    ['if the account of the author is gone', { pull: { user: null } }],
    ['for the fork of another user', { pull: { head: { sha, repo: { full_name: 'stranger/app' } } } }],
    ['for a fork that is gone', { pull: { head: { sha, repo: null } } }],
    ['for Dependabot', { pull: { user: { login: 'dependabot[bot]', id: 7 } } }],
    ['if Dependabot caused the run', { actor: 'dependabot[bot]' }],
  ])('does not trust a run %s', (_case, change) => {
    expect(assessTrust(facts({ author: { ...ada, permission: 'admin' }, ...change })).trusted).toBe(false);
  });
});

describe('authorInQuestion', () => {
  it('names the author of the pull request, not who re-ran it or caused the event', () => {
    expect(authorInQuestion(facts({ more: { sender: { login: 'maintainer' } } }))).toBe('ada');
  });

  it.each<[string, Case]>([
    ['the setting names no permission', { allowed: ['MEMBER'] }],
    ['the association already decides', { allowed: ['permission:write', 'NONE'] }],
    [
      'a label already decides',
      { allowed: ['permission:write', 'label:x'], more: { action: 'labeled', label: { name: 'x' } } },
    ],
    [
      'the pull request comes from the repository itself',
      { pull: { head: { repo: { full_name: repository } } } },
    ],
    ['the fork belongs to somebody else', { pull: { head: { repo: { full_name: 'stranger/app' } } } }],
    ['the fork is gone', { pull: { head: { repo: null } } }],
    ['the account of the author is gone', { pull: { user: null } }],
    ['Dependabot is the actor', { actor: 'dependabot[bot]' }],
    ['the event is no event of a pull request', { eventName: 'issue_comment' }],
    ['the payload cannot be read', { payload: undefined }],
  ])('names nobody if %s', (_case, change) => expect(authorInQuestion(facts(change))).toBeUndefined());
});

const labelled = (change: Case = {}) => {
  const { more = {}, ...rest } = change;
  return assessTrust(
    facts({
      allowed: ['label:safe'],
      more: { action: 'labeled', label: { name: 'safe' }, ...more },
      ...rest,
    }),
  );
};

describe('assessTrust, by a label', () => {
  it.each(['pull_request', 'pull_request_target'])(
    'trusts the run of %s that adding the label started',
    (eventName) => {
      expect(labelled({ eventName })).toEqual({
        trusted: true,
        why: "the label 'safe' was added for the commit acb5820",
      });
    },
  );

  it.each(['safe to test', 'CI: safe, really', ':rocket:', 'permission:write'])(
    'trusts the label "%s"',
    (name) => {
      expect(labelled({ allowed: [`label:${name}`], more: { label: { name } } }).trusted).toBe(true);
    },
  );

  it.each<[string, Case]>([
    ['a push after the label was added', { more: { action: 'synchronize', label: undefined } }],
    ['a push, even if its payload names the label', { more: { action: 'synchronize' } }],
    ['the removal of the label', { more: { action: 'unlabeled' } }],
    ['another label', { more: { label: { name: 'bug' } } }],
    ['the label in other case', { more: { label: { name: 'Safe' } } }],
    ['a longer label', { more: { label: { name: 'safe ' } } }],
    ['a label without a name', { more: { label: {} } }],
    ['a list of labels', { more: { label: { name: ['safe'] } } }],
    ['a payload without a commit', { pull: { head: { repo: fork } } }],
    ['a fork that is gone', { pull: { head: { sha, repo: null } } }],
    ['a review', { eventName: 'pull_request_review' }],
    ['a comment', { eventName: 'pull_request_review_comment' }],
    ['an issue', { eventName: 'issues' }],
    ['a comment on the pull request', { eventName: 'issue_comment' }],
    ['a run that this one triggered', { eventName: 'workflow_run' }],
    ['a pull request of Dependabot', { pull: { user: { login: 'dependabot[bot]' } } }],
    ['a setting without the label', { allowed: ['safe', 'MEMBER', 'permission:write'] }],
  ])('does not trust the run of %s', (_case, change) => {
    const present = { labels: [{ name: 'safe' }] };
    expect(labelled({ ...change, pull: { ...present, ...change.pull } }).trusted).toBe(false);
  });

  it('says that the run is not the one of the label', () => {
    expect(labelled({ more: { action: 'synchronize' } }).why).toBe(
      'the pull request comes from a fork; this run was not started by adding a trusted label',
    );
  });
});

const entries = fc.constantFrom(
  ...['OWNER', 'MEMBER', 'NONE', 'dependabot', 'permission:write', 'permission:admin', 'label:safe'],
);
const logins = fc.constantFrom('ada', 'octo', 'dependabot[bot]', 'maintainer');
const repositories = fc.constantFrom(null, { full_name: repository }, fork, { full_name: 'stranger/app' });
const causes = [
  'push',
  'pull_request',
  'pull_request_target',
  'issue_comment',
  'workflow_run',
  'pull_request_review',
];

/** Facts about any event: also about events whose payload names a pull request that is not theirs. */
const anyFacts: fc.Arbitrary<TrustFacts> = fc.record({
  eventName: fc.constantFrom(
    ...[...writeAccessEvents, ...deploymentEvents, ...pullRequestEvents, 'workflow_run', 'workflow_call'],
    ...['issue_comment', 'issues', 'check_run', 'discussion', 'label', 'something_new', ''],
  ),
  repository: fc.constant(repository),
  ref: fc.constantFrom('refs/heads/main', 'refs/pull/7/merge', ''),
  actor: logins,
  allowed: fc.uniqueArray(entries),
  author: fc.record({
    login: logins,
    id: fc.constantFrom(7, 8),
    permission: fc.constantFrom('admin', 'write', 'read'),
  }),
  payload: fc.record({
    action: fc.constantFrom('labeled', 'synchronize', 'opened'),
    label: fc.constantFrom({ name: 'safe' }, { name: 'bug' }, undefined),
    pull_request: fc.record({
      author_association: fc.constantFrom('NONE', 'MEMBER', 'OWNER'),
      user: fc.record({ login: logins, id: fc.constant(7) }),
      head: fc.record({ sha: fc.constant(sha), repo: repositories }),
    }),
    workflow_run: fc.record({
      event: fc.constantFrom(...causes),
      actor: fc.record({ login: logins }),
      head_repository: repositories,
    }),
  }),
});

describe('the setting trust', () => {
  it('changes nothing for an event that is not one of a pull request, except for Dependabot', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        fc.pre(!pullRequestEvents.includes(given.eventName));
        const strict = given.allowed.filter((entry) => entry === 'dependabot');
        expect(assessTrust(given)).toEqual(assessTrust({ ...given, allowed: strict }));
        expect(authorInQuestion(given)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('never makes a trusted run untrusted, and trusts no run of Dependabot that it does not name', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { trusted } = assessTrust(given);
        if (assessTrust({ ...given, allowed: [] }).trusted) expect(trusted).toBe(true);
        if (given.actor === 'dependabot[bot]' && !given.allowed.includes('dependabot'))
          expect(trusted).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('trusts by permission exactly what it trusts for a member, if the member is an administrator', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { user } = (given.payload as { pull_request: { user: typeof ada } }).pull_request;
        const asked = { ...given, allowed: ['permission:admin'], author: { ...user, permission: 'admin' } };
        const association = structuredClone(given.payload) as {
          pull_request: { author_association: string };
        };
        association.pull_request.author_association = 'MEMBER';
        const member = assessTrust({ ...given, payload: association, allowed: ['MEMBER'] });
        expect(assessTrust(asked).trusted).toBe(member.trusted);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives no pull request the right to write to the cache of a branch', () => {
    fc.assert(
      fc.property(anyFacts, ({ allowed: _, ...given }) => {
        fc.pre(pullRequestEvents.includes(given.eventName));
        expect(cacheWritesOf(given, 'refs/heads/main')).toBe('none');
      }),
    );
  });
});
