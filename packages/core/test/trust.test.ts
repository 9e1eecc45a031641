import { describe, expect, it } from 'vitest';
import { writeAccessEvents } from '../src/trusted-events.ts';
import { assessTrust, cacheWritesOf } from '../src/trust.ts';

const repository = 'octo/app';
const pull = (head: object | null, more: object = {}) => ({
  pull_request: { head: { repo: head }, author_association: 'NONE', user: { login: 'someone' }, ...more },
});
/** The payload of a run that another run triggered; by default the other run was for a push to this repository. */
const caused = (change: object = {}) => ({
  workflow_run: {
    ...{ event: 'push', actor: { login: 'someone' }, triggering_actor: { login: 'someone' } },
    ...{ head_repository: { full_name: 'octo/app' }, head_branch: 'main', ...change },
  },
});
const dependabot = { login: 'dependabot[bot]' };
const assess = (eventName: string, payload: unknown, allowed: string[] = [], actor = 'someone') =>
  assessTrust({ eventName, payload, repository, actor, allowed }).trusted;

describe('assessTrust', () => {
  it.each([
    ['push', {}],
    ['schedule', {}],
    ['workflow_dispatch', {}],
    ['merge_group', {}],
    ['pull_request', pull({ full_name: 'octo/app' })],
    ['pull_request', pull({ full_name: 'Octo/App', fork: true })],
    ['pull_request_target', pull({ full_name: 'octo/app' })],
    ['pull_request_review', pull({ full_name: 'octo/app' })],
    ['pull_request_review_comment', pull({ full_name: 'octo/app' })],
    ['workflow_run', caused()],
    ['workflow_run', caused({ event: 'schedule' })],
    ['workflow_run', caused({ event: 'pull_request', head_branch: 'topic' })],
  ])('trusts %s of the repository itself', (event, payload) => expect(assess(event, payload)).toBe(true));

  it.each([
    ['pull_request', pull({ full_name: 'stranger/app' })],
    ['pull_request_target', pull({ full_name: 'stranger/app' })],
    ['pull_request', pull(null)],
    ['pull_request', {}],
    ['workflow_run', {}],
    ['workflow_run', caused({ head_repository: { full_name: 'stranger/app' } })],
    ['workflow_run', caused({ head_repository: null })],
    ['workflow_run', caused({ event: 'issue_comment' })],
    ['workflow_run', caused({ event: 'pull_request_target' })],
    ['workflow_run', caused({ event: 'pull_request_review' })],
    ['workflow_run', caused({ event: 'workflow_run' })],
    ['workflow_run', caused({ event: 'deployment_status' })],
    ['workflow_run', caused({ event: 'dynamic' })],
    ['workflow_run', caused({ event: undefined })],
    ['workflow_run', caused({ event: 'pull_request', actor: dependabot })],
    ['workflow_run', caused({ event: 'pull_request', triggering_actor: dependabot })],
    ['workflow_run', caused({ event: 'pull_request', head_branch: 'dependabot/npm_and_yarn/x-1' })],
    ['workflow_run', caused({ event: 'pull_request', head_branch: 'dependabot-npm_and_yarn-x-1' })],
    ['workflow_run', caused({ actor: undefined })],
    ['workflow_call', {}],
    ['deployment', {}],
    ['deployment_status', {}],
    ['check_suite', {}],
    ['gollum', {}],
    ['issue_comment', { issue: { pull_request: {} }, comment: { author_association: 'MEMBER' } }],
    ['issues', {}],
    ['fork', {}],
    ['an_event_of_next_year', {}],
    ['', {}],
    ['push', undefined],
    ['push', 'text'],
    ['push', []],
  ])('does not trust %s with %j', (event, payload) => expect(assess(event, payload)).toBe(false));

  it('trusts a pull request from a fork only if the association of its author is allowed', () => {
    const own = { full_name: 'Someone/app' };
    const payload = pull(own, { author_association: 'MEMBER' });
    expect(assess('pull_request', payload)).toBe(false);
    expect(assess('pull_request', payload, ['MEMBER'])).toBe(true);
    expect(assess('pull_request', pull(own, { author_association: 'CONTRIBUTOR' }), ['MEMBER'])).toBe(false);
  });

  it.each([
    ['of another user, who can push to it', { full_name: 'stranger/app' }],
    ['whose owner the payload does not name', {}],
    ['that is gone', null],
  ])('does not trust a member who opens a pull request for a fork %s', (_case, head) => {
    expect(assess('pull_request', pull(head, { author_association: 'MEMBER' }), ['MEMBER'])).toBe(false);
  });

  it('does not trust Dependabot unless it is allowed, not even when a maintainer re-runs it', () => {
    const payload = pull({ full_name: 'octo/app' }, { user: { login: 'dependabot[bot]' } });
    expect(assess('pull_request', payload, [], 'maintainer')).toBe(false);
    expect(assess('push', {}, [], 'dependabot[bot]')).toBe(false);
    expect(assess('pull_request', payload, ['dependabot'])).toBe(true);
  });

  it('trusts a deployment of a branch or a tag, but not of a commit, which may come from a fork', () => {
    const of = (ref: string) =>
      assessTrust({ eventName: 'deployment', payload: {}, repository, ref, actor: 'someone', allowed: [] })
        .trusted;
    expect(['refs/heads/main', 'refs/tags/v1', 'refs/pull/7/merge', ''].map(of)).toEqual([
      ...[true, true, false, false],
    ]);
  });
});

describe('cacheWritesOf', () => {
  const writes = (eventName: string, payload: object, scope = 'refs/heads/main', actor = 'someone') =>
    cacheWritesOf(
      {
        ...{ eventName, repository, ref: scope, actor },
        payload: { repository: { default_branch: 'main' }, ...payload },
      },
      scope,
    );
  const own = pull({ full_name: 'octo/app' });

  it.each([
    ...['push', 'schedule', 'workflow_dispatch', 'repository_dispatch', 'delete', 'registry_package'],
    'page_build',
  ])('lets %s write to the cache of the default branch', (event) =>
    expect(writes(event, {})).toBe('default'),
  );

  it('lets no other event write to the cache of the default branch, nor a pull request', () => {
    const others = writeAccessEvents.filter((event) => writes(event, {}) !== 'default');
    expect(others).toEqual(['merge_group', 'release', 'create']);
    for (const event of [...others, 'deployment', 'pull_request', 'pull_request_target', 'issue_comment'])
      expect(writes(event, own)).toBe('none');
  });

  it.each([
    ['push', caused(), 'default'],
    ['a pull request of this repository', caused({ event: 'pull_request' }), 'none'],
    ['a comment', caused({ event: 'issue_comment' }), 'none'],
    ['pull_request_target', caused({ event: 'pull_request_target' }), 'none'],
    ['Dependabot', caused({ actor: dependabot }), 'none'],
    ['another workflow_run', caused({ event: 'workflow_run' }), 'none'],
  ])('judges a workflow_run by the event that triggered it: %s', (_cause, payload, expected) =>
    expect(writes('workflow_run', payload)).toBe(expected),
  );

  it.each([
    ['push', {}, 'refs/heads/topic', 'own'],
    ['release', {}, 'refs/tags/v1', 'own'],
    ['merge_group', {}, 'refs/heads/gh-readonly-queue/main/pr-7-abc', 'own'],
    ['pull_request', pull({ full_name: 'stranger/app' }), 'refs/pull/7/merge', 'own'],
    ['pull_request', own, 'refs/heads/next', 'none'],
    ['issue_comment', {}, 'refs/heads/topic', 'none'],
    ['an_event_of_next_year', {}, 'refs/pull/7/merge', 'none'],
  ])('for the event %s with %j, write access to %s is %s', (event, payload, scope, expected) =>
    expect(writes(event, payload, scope)).toBe(expected),
  );

  it('lets Dependabot write to no branch, and treats any branch as the default one when the payload does not name it', () => {
    expect(writes('push', {}, 'refs/heads/dependabot/x', 'dependabot[bot]')).toBe('none');
    const untold = { repository: undefined };
    expect(writes('push', untold, 'refs/heads/main')).toBe('own');
    expect(writes('schedule', untold, 'refs/heads/main')).toBe('default');
    expect(writes('release', untold, 'refs/heads/main')).toBe('none');
  });
});
