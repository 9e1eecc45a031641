import { describe, expect, it } from 'vitest';
import { type RunFacts, scopesOf } from '../../src/plan/scopes.ts';

const repository = { default_branch: 'main', full_name: 'octo/app' };

const run: RunFacts = {
  eventName: 'push',
  ref: 'refs/heads/main',
  ...{ repository: 'octo/app', actor: 'someone' },
  payload: { repository },
  token: undefined,
  mode: undefined,
};
const scopes = (change: Partial<RunFacts>) => {
  const { read, write, source } = scopesOf({ ...run, ...change });
  return { read, write, source };
};

/** A token in GitHub’s format. Only its claims are read here. */
const tokenWith = (claims: unknown) =>
  ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const ac = (list: unknown) => tokenWith({ ac: JSON.stringify(list) });

describe('scopesOf, from the event', () => {
  it('lets a pull request read its own scope, its base and the default branch, and save to its own scope', () => {
    const payload = { repository, pull_request: { base: { ref: 'next' } } };
    expect(scopes({ eventName: 'pull_request', ref: 'refs/pull/7/merge', payload })).toEqual({
      read: ['refs/pull/7/merge', 'refs/heads/next', 'refs/heads/main'],
      write: 'refs/pull/7/merge',
      source: 'event',
    });
  });

  it('lists the default branch only once', () => {
    expect(scopes({})).toMatchObject({ read: ['refs/heads/main'], write: 'refs/heads/main' });
  });

  const caused = (change: object) => ({
    repository,
    workflow_run: {
      ...{ event: 'push', actor: { login: 'someone' }, head_repository: { full_name: 'octo/app' } },
      ...change,
    },
  });

  it.each([
    ['pull_request_target', { repository, pull_request: { base: { ref: 'main' } } }],
    ['issue_comment', { repository }],
    ['an_event_of_next_year', { repository }],
    ['workflow_run', caused({ head_repository: { full_name: 'stranger/app' } })],
    ['workflow_run', caused({ event: 'issue_comment' })],
    ['workflow_run', caused({ event: 'pull_request_target' })],
    ['workflow_run', caused({ event: 'pull_request', actor: { login: 'dependabot[bot]' } })],
    ['workflow_run', caused({ event: 'workflow_run' })],
    ['push', undefined],
  ])('lets the event %s with the payload %j save nothing', (eventName, payload) =>
    expect(scopes({ eventName, payload }).write).toBeUndefined(),
  );

  it('lets a workflow_run save when a push to the same repository caused it', () =>
    expect(scopes({ eventName: 'workflow_run', payload: caused({}) }).write).toBe('refs/heads/main'));

  it('allows sharing only for runs that may write the cache of the default branch', () => {
    const shares = (change: Partial<RunFacts>) => scopesOf({ ...run, ...change }).mayShare;
    const payload = { repository, pull_request: { base: { ref: 'main' } } };
    expect(shares({})).toBe(true);
    expect(shares({ ref: 'refs/heads/topic' })).toBe(false);
    expect(shares({ mode: 'read' })).toBe(false);
    expect(shares({ eventName: 'pull_request', ref: 'refs/pull/7/merge', payload })).toBe(false);
  });
});

describe('scopesOf, from the token', () => {
  const list = [
    { Scope: 'refs/pull/707/merge', Permission: 3 },
    { Scope: 'refs/heads/master', Permission: 1 },
  ];

  it('uses the scopes of the token in their order, not those of the event', () => {
    expect(scopes({ token: ac(list), eventName: 'pull_request_target' })).toEqual({
      read: ['refs/pull/707/merge', 'refs/heads/master'],
      write: 'refs/pull/707/merge',
      source: 'token',
    });
  });

  it('does not let an issue_comment save to main, even if its token allows that', () => {
    const writable = ac([{ Scope: 'refs/heads/main', Permission: 3 }]);
    expect(scopes({ token: writable, eventName: 'issue_comment' })).toMatchObject({
      read: ['refs/heads/main'],
      write: undefined,
    });
    expect(scopes({ token: writable }).write).toBe('refs/heads/main');
  });

  it('saves nowhere when the token grants only read permissions', () => {
    expect(scopes({ token: ac([{ Scope: 'refs/heads/main', Permission: 1 }]) })).toMatchObject({
      read: ['refs/heads/main'],
      write: undefined,
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty string', ''],
    ['a string that is not a JWT', 'runtime-token'],
    ['claims that are not JSON', 'a.b.c'],
    ['no claim ac', tokenWith({})],
    ['a claim that is not a list', tokenWith({ ac: '{}' })],
    ['a claim that is not JSON', tokenWith({ ac: 'x' })],
    ['an empty list', ac([])],
    ['unknown permissions', ac([{ Scope: 'refs/heads/main', Permission: 8 }])],
    ['scopes that are not strings', ac([{ Scope: 1, Permission: 3 }])],
    ['items that are null', ac([null])],
  ])('falls back to the event when the token is or contains %s', (_what, token) => {
    expect(scopes({ token }).source).toBe('event');
  });

  it('ignores an unknown permission next to known ones', () => {
    expect(scopes({ token: ac([...list, { Scope: 'refs/heads/x', Permission: 64 }]) }).read).toHaveLength(2);
  });
});

describe('ACTIONS_CACHE_MODE', () => {
  it.each([
    ['none', [], undefined],
    ['read', ['refs/heads/main'], undefined],
    ['write', ['refs/heads/main'], 'refs/heads/main'],
    ['write-only', [], 'refs/heads/main'],
    ['WRITE-ONLY', [], 'refs/heads/main'],
    ['something new', ['refs/heads/main'], 'refs/heads/main'],
    ['', ['refs/heads/main'], 'refs/heads/main'],
  ])('%j limits reading and writing', (mode, read, write) => {
    expect(scopes({ mode })).toMatchObject({ read, write });
  });
});
