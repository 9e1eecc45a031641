// Which runs may write entries that other runs restore, depending on the event and on its cause.
import type { JobOptions } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { build, cache, filled, job, keysIn, runner } from './stage.ts';

const repository = { default_branch: 'main', full_name: 'octo/app' };
const fork: Partial<JobOptions> = {
  event: {
    name: 'pull_request',
    payload: {
      repository,
      pull_request: { base: { ref: 'main' }, head: { repo: { full_name: 'stranger/app' } } },
    },
  },
  env: { GITHUB_REF: 'refs/pull/7/merge' },
};
const topic: Partial<JobOptions> = { env: { GITHUB_REF: 'refs/heads/topic' } };
const other: Partial<JobOptions> = { repository: 'octo/other', env: { GITHUB_REPOSITORY_ID: '2' } };
const causedBy = (cause: object): Partial<JobOptions> => ({
  event: {
    name: 'workflow_run',
    payload: {
      repository,
      workflow_run: { actor: { login: 'octocat' }, head_repository: { full_name: 'octo/app' }, ...cause },
    },
  },
});

describe('write access to entries that other runs restore', () => {
  it.each([
    ['a comment', { event: 'issue_comment' }],
    ['pull_request_target', { event: 'pull_request_target' }],
    ['Dependabot’s pull request', { event: 'pull_request', actor: { login: 'dependabot[bot]' } }],
    ['a pull request', { event: 'pull_request' }],
    ['another workflow_run', { event: 'workflow_run' }],
  ])('lets a run that was caused by %s read entries of main, but not write them', async (_what, cause) => {
    const directory = await filled();
    expect((await job([cache()], { directory, ...causedBy(cause) })).cache['cache-hit']).toBe('true');
    const next = await job([cache({ key: 'new' }), build], { directory, ...causedBy(cause) });
    expect(next.post).toContain('nothing saved (this run may only read caches)');
    expect(keysIn(directory)).toEqual(['k-1']);
  });

  it('lets a run that was caused by a push write to main', async () => {
    const directory = await filled({}, causedBy({ event: 'push' }));
    expect((await job([cache()], { directory })).cache['cache-hit']).toBe('true');
  });

  it.each(['host', 'repository'])(
    'does not let forks and branches write entries that scope %s shares',
    async (scope) => {
      for (const writer of [fork, topic]) {
        const directory = await filled({ scope }, writer);
        // The writer restores its own entry, as without the scope.
        expect((await job([cache({ scope })], { directory, ...writer })).cache['cache-hit']).toBe('true');
        const readers = scope === 'host' ? [{}, topic, other, fork] : [{}, topic, fork];
        for (const reader of readers.filter((one) => one !== writer))
          expect((await job([cache({ scope })], { directory, ...reader })).cache['cache-hit']).toBe('');
      }
    },
  );

  it('shares entries of main with every branch and fork and, with scope host, with other repositories', async () => {
    const directory = await filled({ scope: 'host' });
    for (const reader of [{}, topic, other, fork])
      expect((await job([cache({ scope: 'host' })], { directory, ...reader })).cache['cache-hit']).toBe(
        'true',
      );
    const alone = await filled({ scope: 'repository' });
    const hits = [topic, fork, other].map((reader) =>
      job([cache({ scope: 'repository' })], { directory: alone, ...reader }),
    );
    expect((await Promise.all(hits)).map((result) => result.cache['cache-hit'])).toEqual([
      'true',
      'true',
      '',
    ]);
  });

  it('prefers the entry of main to the entry of its own ref', async () => {
    const directory = runner();
    const scope = { scope: 'repository' };
    await job([cache(scope), build], { directory, ...topic });
    await job([cache({ ...scope, key: 'k-2' }), build], { directory });
    const next = await job([cache({ ...scope, key: 'k-3', 'restore-keys': 'k-' })], { directory, ...topic });
    expect(next.cache['cache-matched-key']).toBe('k-2');
  });
});
