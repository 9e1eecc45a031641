import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRuntimeToken } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  build,
  cache,
  closedPort,
  leftovers,
  entryOf,
  filled,
  hosted,
  job,
  keysIn,
  runner,
  serve,
  sh,
  show,
  storeOf,
  warnings,
} from './stage.ts';

describe('cache levels', () => {
  it.each(['truncate', 'garbage'] as const)(
    'leaves the target empty when an archive is damaged (%s)',
    async (fault) => {
      const service = await serve();
      await filled({}, hosted(service));
      service.failBlobs(fault);
      for (const change of [hosted(service), { env: service.env }]) {
        const next = await job([cache(), sh('ls -A')], change);
        expect(next.cache).toMatchObject({ 'cache-hit': '', 'cache-source': 'none' });
        expect(next.steps[1]?.stdout).toBe('');
        expect(warnings(next).join()).toContain('GitHub’s cache could not be used, which counts as a miss');
      }
    },
  );

  it('resumes an interrupted transfer', async () => {
    const service = await serve();
    await filled({}, hosted(service));
    service.failBlobs('break-once');
    const next = await job([cache(), show], hosted(service));
    expect(next.cache['cache-source']).toBe('github');
    expect(service.calls.filter((call) => call === 'GET blob')).toHaveLength(2);
  });

  const pull = (number: number) => ({
    event: {
      name: 'pull_request',
      payload: { repository: { default_branch: 'main' }, pull_request: { base: { ref: 'main' } } },
    },
    env: { GITHUB_REF: `refs/pull/${number}/merge` },
  });

  it('restores the entry of a pull request only in the same pull request', async () => {
    const directory = runner();
    await job([cache(), build], { directory, ...pull(7) });
    expect((await job([cache()], { directory, ...pull(7) })).cache['cache-hit']).toBe('true');
    expect((await job([cache()], { directory, ...pull(8) })).cache['cache-hit']).toBe('');
    expect((await job([cache(), build], { directory })).cache['cache-hit']).toBe('');
    expect((await job([cache()], { directory, ...pull(8) })).cache['cache-hit']).toBe('true');
  });

  it.each([
    ['read', 'true', false],
    ['none', '', false],
    ['write-only', '', true],
  ])('obeys ACTIONS_CACHE_MODE=%s at every level', async (mode, hit, saves) => {
    const service = await serve();
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    const directory = await filled({ shared }, { env: service.env });
    const env = { ...service.env, ACTIONS_CACHE_MODE: mode };
    const calls = service.calls.length;
    const same = await job([cache({ shared })], { directory, env });
    expect(same.cache['cache-hit']).toBe(hit);
    await job([cache({ shared, key: 'new' }), build], { directory, env });
    expect(keysIn(directory).includes('new')).toBe(saves);
    expect(service.keys().includes('new')).toBe(saves);
    expect(execFileSync('find', [shared, '-name', 'new.*'], { encoding: 'utf8' }) !== '').toBe(saves);
    if (mode === 'none') expect(service.calls).toHaveLength(calls);
  });

  it('lets pull_request_target read, but not write the local store', async () => {
    const directory = await filled();
    const event = { name: 'pull_request_target', payload: { repository: { default_branch: 'main' } } };
    expect((await job([cache()], { directory, event })).cache['cache-hit']).toBe('true');
    const next = await job([cache({ key: 'new' }), build], { directory, event });
    expect(next.post).toContain('nothing saved (this run may only read caches)');
    const service = await serve();
    await job([cache({ key: 'far' }), build], hosted(service));
    const fetched = await job([cache({ key: 'far' }), show], { directory, event, env: service.env });
    expect(fetched.cache['cache-source']).toBe('github');
    expect(fetched.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(keysIn(directory)).toEqual(['k-1']);
  });

  it('uses the scopes in the token, and falls back to the event when there are none', async () => {
    const directory = runner();
    const token = createRuntimeToken([
      { Scope: 'refs/heads/feature', Permission: 3 },
      { Scope: 'refs/heads/main', Permission: 1 },
    ]);
    const env = { ACTIONS_RUNTIME_TOKEN: token };
    await job([cache(), build], { directory, env });
    expect((await job([cache()], { directory, env })).cache['cache-hit']).toBe('true');
    expect((await job([cache()], { directory })).cache['cache-hit']).toBe('');
    const odd = { ACTIONS_RUNTIME_TOKEN: 'no.jwt.at-all' };
    expect((await job([cache(), build], { directory, env: odd })).cache['cache-hit']).toBe('');
    expect((await job([cache()], { directory })).cache['cache-hit']).toBe('true');
  });

  it.each([503, 500, 429, 401, 'hang', 'html', 'read-denied'] as const)(
    'succeeds within the timeout when GitHub’s cache fails with %s',
    async (fault) => {
      const service = await serve();
      service.fail(fault);
      const result = await job([cache({ 'lookup-timeout': '2s', 'transfer-timeout': '2s' }), build], {
        env: service.env,
      });
      expect(service.calls.length).toBeLessThanOrEqual(6);
      // The default of `lookup-timeout` alone is this long.
      expect(Number(result.cache['restore-milliseconds'])).toBeLessThan(10_000);
      expect(result.conclusion).toBe('success');
      expect(result.cache['cache-hit']).toBe('');
      expect(warnings(result).join()).toContain('GitHub’s cache could not be used');
      expect(keysIn(result.directory)).toEqual(['k-1']);
    },
  );

  it('succeeds when the cache service is not reachable or denies saving', async () => {
    const service = await serve();
    const gone = { ...service.env, ACTIONS_RESULTS_URL: closedPort };
    const result = await job([cache(), build], { env: gone });
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toMatch(/GitHub’s cache could not be used.*ECONNREFUSED/);
    service.fail('write-denied');
    const denied = await job([cache(), build], { env: service.env });
    expect(denied.conclusion).toBe('success');
    expect(warnings(denied).join()).toContain('Nothing was saved to GitHub’s cache: cache write denied');
    expect(keysIn(denied.directory)).toEqual(['k-1']);
  });

  const workspaceAt = (depth: string) => {
    const directory = runner();
    const workspace = join(directory, depth);
    mkdirSync(workspace, { recursive: true });
    return { directory, workspace };
  };
  const bare = mkdtempSync(join(tmpdir(), 'bin-'));
  execFileSync('ln', ['-s', '/bin/sh', '/bin/mkdir', '/bin/cat', '/bin/rm', '/bin/ls', '/bin/ln', bare]);

  it.each([
    ['portable', 2, {}],
    ['portable', 1, {}],
    ['portable', 2, { PATH: bare }],
    ['actions-cache', 2, {}],
  ] as const)(
    'lets hosted and self-hosted runners share entries with layout %s over protocol %s (%j)',
    async (layout, protocol, path) => {
      const service = await serve({ protocol });
      // Archives of actions/cache name home files relative to the workspace, so both workspaces must be equally deep.
      const isPortable = layout === 'portable';
      const inputs = { path: isPortable ? 'deps\n~/.tool' : 'deps\ntools', 'remote-layout': layout };
      const second = isPortable ? '~/.tool' : 'tools';
      const github = protocol === 1 ? { GITHUB_SERVER_URL: 'https://ghes.example' } : {};
      const env = { ...service.env, ...github, ...path };
      const make = sh(`mkdir -p deps ${second} && echo one > deps/f && echo two > ${second}/g`);
      const list = sh(`cat deps/f ${second}/g`);
      const own = await job([cache({ ...inputs, key: 'self' }), make], { ...workspaceAt('a/b/c/d'), env });
      expect(own.post).toMatch(/saved `self` to this machine’s disk and GitHub/);
      const there = await job([cache({ ...inputs, key: 'self' }), list], {
        ...workspaceAt('w'),
        ...hosted(service),
        env,
      });
      expect(there.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(there.steps[1]?.stdout).toBe('one\ntwo\n');
      expect(existsSync(storeOf(there.directory))).toBe(false);
      await job([cache({ ...inputs, key: 'hosted' }), make], {
        ...workspaceAt('w/x'),
        ...hosted(service),
        env,
      });
      const back = await job([cache({ ...inputs, key: 'hosted' }), list], { ...workspaceAt('z'), env });
      expect(back.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(back.steps[1]?.stdout).toBe('one\ntwo\n');
      const home = join(back.directory, 'home');
      expect(readdirSync(home).filter((name) => name.startsWith('.runner-actions'))).toEqual([]);
    },
  );

  it('uses no local store on an ephemeral runner, unless a root is configured', async () => {
    const service = await serve();
    const directory = runner();
    writeFileSync(join(directory, '.runner'), `\uFEFF${JSON.stringify({ agentId: 1, Ephemeral: 'True' })}`);
    const first = await job([cache(), build], { directory, env: service.env });
    expect(first.steps[0]?.stdout).toContain('No local store is used: this runner is ephemeral');
    expect(existsSync(storeOf(directory))).toBe(false);
    expect(service.keys()).toEqual(['k-1']);
    const root = join(mkdtempSync(join(tmpdir(), 'mounted-')), 'store');
    await job([cache({ root }), build], { directory });
    expect((await job([cache({ root })], { directory })).cache['cache-source']).toBe('local');
  });

  it('reports a miss when the store is not mounted in the container of the job', async () => {
    const file = join(runner(), 'file');
    writeFileSync(file, '');
    const result = await job([cache({ root: join(file, 'not-mounted') }), build]);
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toContain('The local store could not be used, which counts as a miss');
  });

  it('fetches less often than once per job when several jobs need the same entry', async () => {
    const service = await serve();
    const large = sh('mkdir -p deps && head -c 3000000 /dev/urandom > deps/large');
    await job([cache(), large], hosted(service));
    const root = join(mkdtempSync(join(tmpdir(), 'shared-')), 'store');
    const jobs = await Promise.all(
      [1, 2, 3, 4].map(() => job([cache({ root }), sh('wc -c < deps/large')], { env: service.env })),
    );
    expect(jobs.map(({ steps }) => steps[1]?.stdout.trim())).toEqual(Array(4).fill('3000000'));
    expect(service.calls.filter((call) => call === 'GET blob').length).toBeLessThan(4);
  });

  it('restores entries with timestamps in the future or in the distant past', async () => {
    const directory = await filled();
    for (const years of [20, -20]) {
      const when = new Date(Date.now() + years * 365 * 86_400_000);
      await job([cache()], { directory });
      utimesSync(join(entryOf(directory), 'used'), when, when);
      const next = await job([cache({ key: 'k-2', 'restore-keys': 'k-1' })], {
        directory,
        jobStatus: 'failure',
      });
      expect(next.cache['cache-hit']).toBe('false');
    }
    expect(leftovers(directory)).toEqual([]);
    cpSync(storeOf(directory), join(directory, 'copy'), { recursive: true });
  });
});
