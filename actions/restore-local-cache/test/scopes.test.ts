import { describe, expect, it } from 'vitest';
import { scopesOf } from '../src/scopes.ts';
import { placesToPaths, resolveTargets } from '../src/targets.ts';

const repository = { default_branch: 'main', full_name: 'octo/app' };

describe('scopesOf', () => {
  it('reads a pull request’s own scope, its base, the default branch; saves to its own', () => {
    const payload = { repository, pull_request: { base: { ref: 'next' } } };
    expect(scopesOf('pull_request', 'refs/pull/7/merge', payload)).toEqual({
      read: ['refs/pull/7/merge', 'refs/heads/next', 'refs/heads/main'],
      write: 'refs/pull/7/merge',
    });
  });

  it('names the default branch once', () => {
    expect(scopesOf('push', 'refs/heads/main', { repository })).toEqual({
      read: ['refs/heads/main'],
      write: 'refs/heads/main',
    });
  });

  it.each([
    ['pull_request_target', { repository, pull_request: { base: { ref: 'main' } } }],
    ['issue_comment', { repository }],
    ['workflow_run', { repository, workflow_run: { head_repository: { full_name: 'stranger/app' } } }],
    ['push', undefined],
  ])('saves nothing for %s with %j', (event, payload) =>
    expect(scopesOf(event, 'refs/heads/main', payload).write).toBeUndefined(),
  );

  it('saves for a run that one of the repository itself caused', () => {
    const payload = { repository, workflow_run: { head_repository: { full_name: 'octo/app' } } };
    expect(scopesOf('workflow_run', 'refs/heads/main', payload).write).toBe('refs/heads/main');
  });
});

describe('resolveTargets', () => {
  const around = { workspace: '/w/app', home: '/home/me', store: '/w/store' };

  it('takes paths from the workspace and from home', () => {
    const targets = resolveTargets(['a/b', '~/.npm', '/opt/x', 'a/b/'], around);
    expect(targets.map(({ path }) => path)).toEqual(['/w/app/a/b', '/home/me/.npm', '/opt/x']);
  });

  it.each([['/'], ['.'], ['..'], ['~'], ['.git'], ['.git/objects'], ['/w/store'], ['/w'], ['/w/store/v1']])(
    'refuses %s',
    (path) => {
      expect(() => resolveTargets([path], around)).toThrow(/Input 'path' has/);
    },
  );

  it('refuses paths that lie in each other', () => {
    expect(() => resolveTargets(['a', 'a/b'], around)).toThrow('lies in another');
  });
});

describe('placesToPaths', () => {
  const around = { workspace: '/w/app', home: '/home/me', store: '/w/store' };
  const paths = ['deps', '~/.npm', 'packages/*/out'];

  it('finds the places on an agent with other folders, whatever is there', () => {
    const places = [
      { path: 2, below: 'a/out' },
      { path: 1, below: '' },
      { path: 0, below: '' },
    ];
    const other = { workspace: '/x/app', home: '/home/you', store: undefined };
    expect(placesToPaths(places, paths, around)).toEqual([
      '/w/app/packages/a/out',
      '/home/me/.npm',
      '/w/app/deps',
    ]);
    expect(placesToPaths(places, paths, other)[1]).toBe('/home/you/.npm');
  });

  it.each([
    { path: 0, below: '../x' },
    { path: 0, below: 'x' },
    { path: 2, below: '../../other' },
    { path: 2, below: '/etc' },
    { path: 9, below: '' },
  ])('refuses a place that no path names: %o', (place) => {
    expect(() => placesToPaths([place], paths, around)).toThrow('outside of the paths');
  });
});
