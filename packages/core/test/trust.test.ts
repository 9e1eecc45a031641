import { describe, expect, it } from 'vitest';
import { assessTrust } from '../src/trust.ts';

const repository = 'octo/app';
const pull = (head: object | null, more: object = {}) => ({
  pull_request: { head: { repo: head }, author_association: 'NONE', user: { login: 'someone' }, ...more },
});
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
    ['workflow_run', { workflow_run: { head_repository: { full_name: 'octo/app' } } }],
  ])('trusts %s of the repository itself', (event, payload) => expect(assess(event, payload)).toBe(true));

  it.each([
    ['pull_request', pull({ full_name: 'stranger/app' })],
    ['pull_request_target', pull({ full_name: 'stranger/app' })],
    ['pull_request', pull(null)],
    ['pull_request', {}],
    ['workflow_run', { workflow_run: { head_repository: { full_name: 'stranger/app' } } }],
    ['workflow_run', {}],
    ['issue_comment', { issue: { pull_request: {} }, comment: { author_association: 'MEMBER' } }],
    ['issues', {}],
    ['fork', {}],
    ['an_event_of_next_year', {}],
    ['', {}],
    ['push', undefined],
    ['push', 'text'],
    ['push', []],
  ])('does not trust %s with %j', (event, payload) => expect(assess(event, payload)).toBe(false));

  it('trusts a fork of an association only where that is allowed', () => {
    const payload = pull({ full_name: 'member/app' }, { author_association: 'MEMBER' });
    expect(assess('pull_request', payload)).toBe(false);
    expect(assess('pull_request', payload, ['MEMBER'])).toBe(true);
    expect(
      assess('pull_request', pull({ full_name: 'x/app' }, { author_association: 'CONTRIBUTOR' }), ['MEMBER']),
    ).toBe(false);
  });

  it('does not trust Dependabot unless named, not even when a maintainer re-runs it', () => {
    const payload = pull({ full_name: 'octo/app' }, { user: { login: 'dependabot[bot]' } });
    expect(assess('pull_request', payload, [], 'maintainer')).toBe(false);
    expect(assess('push', {}, [], 'dependabot[bot]')).toBe(false);
    expect(assess('pull_request', payload, ['dependabot'])).toBe(true);
  });
});
