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

/** A token as GitHub makes them: only its claims are read here. */
const tokenWith = (claims: unknown) =>
  ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const ac = (list: unknown) => tokenWith({ ac: JSON.stringify(list) });

describe('scopesOf, by the event', () => {
  it('reads a pull request’s own scope, its base, the default branch; saves to its own', () => {
    const payload = { repository, pull_request: { base: { ref: 'next' } } };
    expect(scopes({ eventName: 'pull_request', ref: 'refs/pull/7/merge', payload })).toEqual({
      read: ['refs/pull/7/merge', 'refs/heads/next', 'refs/heads/main'],
      write: 'refs/pull/7/merge',
      source: 'event',
    });
  });

  it('names the default branch once', () => {
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
  ])('saves nothing for %s with %j', (eventName, payload) =>
    expect(scopes({ eventName, payload }).write).toBeUndefined(),
  );

  it('saves for a run that a push to the repository itself caused', () =>
    expect(scopes({ eventName: 'workflow_run', payload: caused({}) }).write).toBe('refs/heads/main'));

  it('shares only what the default branch’s cache may hold', () => {
    const shares = (change: Partial<RunFacts>) => scopesOf({ ...run, ...change }).mayShare;
    const payload = { repository, pull_request: { base: { ref: 'main' } } };
    expect(shares({})).toBe(true);
    expect(shares({ ref: 'refs/heads/topic' })).toBe(false);
    expect(shares({ mode: 'read' })).toBe(false);
    expect(shares({ eventName: 'pull_request', ref: 'refs/pull/7/merge', payload })).toBe(false);
  });
});

describe('scopesOf, by the token', () => {
  const list = [
    { Scope: 'refs/pull/707/merge', Permission: 3 },
    { Scope: 'refs/heads/master', Permission: 1 },
  ];

  it('takes the scopes that GitHub gave the run, in their order, whatever the event says', () => {
    expect(scopes({ token: ac(list), eventName: 'pull_request_target' })).toEqual({
      read: ['refs/pull/707/merge', 'refs/heads/master'],
      write: 'refs/pull/707/merge',
      source: 'token',
    });
  });

  it('lets GitHub’s token widen nothing: a comment does not save to main on a server that would let it', () => {
    const writable = ac([{ Scope: 'refs/heads/main', Permission: 3 }]);
    expect(scopes({ token: writable, eventName: 'issue_comment' })).toMatchObject({
      read: ['refs/heads/main'],
      write: undefined,
    });
    expect(scopes({ token: writable }).write).toBe('refs/heads/main');
  });

  it('saves nowhere with read permissions only', () => {
    expect(scopes({ token: ac([{ Scope: 'refs/heads/main', Permission: 1 }]) })).toMatchObject({
      read: ['refs/heads/main'],
      write: undefined,
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['no JWT', 'runtime-token'],
    ['claims that are no JSON', 'a.b.c'],
    ['no claim', tokenWith({})],
    ['a claim that is no list', tokenWith({ ac: '{}' })],
    ['a claim that is no JSON', tokenWith({ ac: 'x' })],
    ['an empty list', ac([])],
    ['permissions that nobody knows', ac([{ Scope: 'refs/heads/main', Permission: 8 }])],
    ['scopes that are no text', ac([{ Scope: 1, Permission: 3 }])],
    ['items that are null', ac([null])],
  ])('goes by the event where the token is or has %s', (_what, token) => {
    expect(scopes({ token }).source).toBe('event');
  });

  it('passes over a permission that nobody knows beside those that are known', () => {
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
  ])('%s', (mode, read, write) => {
    expect(scopes({ mode })).toMatchObject({ read, write });
  });
});
