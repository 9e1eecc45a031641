import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type CacheService,
  type JobOptions,
  killAtFsCall,
  launchJob,
  startCacheService,
} from '@runner-actions/testing';
import { afterEach, describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const make = {
  run: [
    '/bin/sh',
    '-c',
    'mkdir -p deps/sub && echo one > deps/sub/a && echo "two" > "deps/b c" && ln -sf sub/a deps/link',
  ],
};
const wipe = { run: ['/bin/sh', '-c', 'rm -rf deps'] };

const cache = (inputs: Record<string, string> = {}) => ({
  action,
  id: 'cache',
  with: { path: 'deps', key: 'k-1', ...inputs },
});
const runner = () => mkdtempSync(join(tmpdir(), 'runner-'));
/** Saves the tree under k-1 in the default store of a new runner. */
const fill = async (change: Partial<JobOptions> = {}) =>
  launchJob({ steps: [cache(), make], directory: runner(), ...change });
const storeOf = (directory: string) => join(directory, '_work', '_runner-actions-cache');
const staging = (directory: string) => readdirSync(join(storeOf(directory), 'staging'));

const services: CacheService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});
async function serve(): Promise<CacheService> {
  const service = await startCacheService();
  services.push(service);
  return service;
}

describe('restore-local-cache with only a local store', () => {
  it('misses, saves in post, and restores the same tree to the next job', async () => {
    const first = await fill();
    expect(first.steps[0]?.outputs).toMatchObject({
      'cache-hit': '',
      'cache-primary-key': 'k-1',
      'cache-matched-key': '',
      'cache-source': 'none',
    });
    expect(first.posts[0]?.stdout).toContain('saved `k-1` to this machine’s disk');
    const list = { run: ['/bin/sh', '-c', 'cat deps/link "deps/b c"; test -L deps/link && ls -A'] };
    const second = await launchJob({ steps: [wipe, cache(), list], directory: first.directory });
    expect(second.steps[1]?.outputs).toMatchObject({
      'cache-hit': 'true',
      'cache-matched-key': 'k-1',
      'cache-source': 'local',
      files: '2',
    });
    expect(second.steps[2]?.stdout).toBe('one\ntwo\ndeps\n');
    expect(second.posts[0]?.stdout).toContain('nothing saved (the key was found)');
    const report = JSON.parse(readFileSync(second.steps[1]?.outputs['report'] ?? '', 'utf8')) as object;
    expect(report).toMatchObject({ found: { source: 'local' }, saved: { local: 'off' } });
  });

  it('restores by a restore key as a partial hit, and saves under the exact key', async () => {
    const { directory } = await fill();
    const next = await launchJob({
      steps: [wipe, cache({ key: 'k-2', 'restore-keys': 'x-\nk-' })],
      directory,
    });
    expect(next.steps[1]?.outputs).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'k-1' });
    expect(next.posts[0]?.stdout).toContain('saved `k-2`');
  });

  it('restores nothing with lookup-only, and fails on a miss with fail-on-cache-miss', async () => {
    const { directory } = await fill();
    const looked = await launchJob({
      steps: [wipe, cache({ 'lookup-only': 'true' }), { run: ['test', '!', '-e', 'deps'] }],
      directory,
    });
    expect(looked.conclusion).toBe('success');
    expect(looked.steps[1]?.outputs['cache-hit']).toBe('true');
    const failed = await launchJob({
      steps: [cache({ key: 'absent', 'fail-on-cache-miss': 'true' })],
      directory,
    });
    expect(failed.steps[0]?.exitCode).toBe(1);
    expect(failed.steps[0]?.annotations[0]?.message).toContain("Nothing was found for the key 'absent'");
  });

  it.each([
    [{ key: '' }, /Input 'key' is required/],
    [{ path: '' }, /Input 'path' is required/],
    [{ key: 'a,b' }, /Input 'key' is 'a,b': a key must not contain a comma/],
    [{ key: 'x'.repeat(513) }, /513 characters long: expected at most 512/],
    [{ path: '~' }, /Input 'path' has .*, which (is|contains) the home directory/],
    [{ save: 'sometimes' }, /Input 'save' is 'sometimes': expected one of on-success, always, never/],
    [{ 'lookup-only': 'perhaps' }, /Input 'lookup-only' is 'perhaps'/],
  ])('refuses the inputs %o', async (inputs, message) => {
    const { steps } = await launchJob({ steps: [cache(inputs)] });
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations[0]?.message).toMatch(message);
  });

  it('saves nothing after a failed job, except with save: always', async () => {
    const failed = await fill({ jobStatus: 'failure' });
    expect(failed.posts[0]?.stdout).toContain("nothing saved (the job ended with 'failure')");
    const always = await launchJob({ steps: [cache({ save: 'always' }), make, { run: ['false'] }] });
    expect(always.posts[0]?.stdout).toContain('saved `k-1`');
  });

  it('warns and succeeds when the store cannot be used', async () => {
    const file = join(runner(), 'file');
    writeFileSync(file, '');
    const { conclusion, steps, posts } = await launchJob({
      steps: [cache({ root: join(file, 'store') }), make],
    });
    expect(conclusion).toBe('success');
    expect(steps[0]?.annotations[0]).toMatchObject({ level: 'warning' });
    expect(steps[0]?.outputs['cache-hit']).toBe('');
    expect(posts[0]?.annotations[0]?.message).toContain('Nothing was saved to the local store');
  });

  it('reports a miss for an incomplete entry, and saves it again', async () => {
    const { directory } = await fill();
    execFileSync('find', [storeOf(directory), '-name', 'a', '-delete']);
    const next = await launchJob({ steps: [wipe, cache(), make], directory });
    expect(next.steps[1]?.outputs['cache-hit']).toBe('');
    expect(next.steps[1]?.annotations[0]?.message).toContain('is damaged or incomplete');
    expect(next.posts[0]?.stdout).toContain('saved `k-1`');
  });

  it('does not save a path that is a symlink', async () => {
    const { posts, directory } = await launchJob({ steps: [cache(), { run: ['ln', '-s', '/etc', 'deps'] }] });
    expect(posts[0]?.annotations[0]?.message).toContain('is a symlink');
    expect(existsSync(join(storeOf(directory), 'v3'))).toBe(true);
    expect(readdirSync(join(storeOf(directory), 'v3'))).toEqual([]);
  });

  const sh = (script: string) => ({ run: ['/bin/sh', '-c', script] });

  it('restores glob matches to their original places when the globs now match other folders', async () => {
    const globs = cache({ path: 'packages/*/out' });
    const build = sh(
      'mkdir -p packages/a/out packages/b/out; echo A > packages/a/out/f; echo B > packages/b/out/f',
    );
    const first = await launchJob({ steps: [globs, build], directory: runner() });
    const other = sh('rm -rf packages; mkdir -p packages/x/out packages/y/out');
    const show = sh('cd packages; grep -r . | sort');
    const next = await launchJob({ steps: [other, globs, show], directory: first.directory });
    expect(next.steps[1]?.outputs['cache-hit']).toBe('true');
    expect(next.steps[2]?.stdout).toBe('a/out/f:A\nb/out/f:B\n');
  });

  it('restores the only path that existed to its place', async () => {
    const two = cache({ path: 'one\ntwo' });
    const { directory } = await launchJob({
      steps: [two, sh('mkdir two; echo 2 > two/f')],
      directory: runner(),
    });
    const next = await launchJob({ steps: [sh('rm -rf two'), two, sh('cat two/f; ls')], directory });
    expect(next.steps[1]?.outputs['cache-hit']).toBe('true');
    expect(next.steps[2]?.stdout).toBe('2\ntwo\n');
  });

  it('neither saves nor restores behind a symlink that leads out of the workspace', async () => {
    const outside = runner();
    const inner = cache({ path: 'sub/deps' });
    const leave = sh(`mkdir -p '${outside}/deps'; touch '${outside}/deps/theirs'; ln -s '${outside}' sub`);
    const saved = await launchJob({ steps: [inner, leave], directory: runner() });
    expect(saved.posts[0]?.annotations[0]?.message).toContain('is behind one');
    const { directory } = await launchJob({ steps: [inner, sh('mkdir -p sub/deps')], directory: runner() });
    const next = await launchJob({ steps: [sh(`rm -r sub; ln -s '${outside}' sub`), inner], directory });
    expect(next.conclusion).toBe('success');
    expect(next.steps[1]?.outputs['cache-hit']).toBe('');
    expect(readdirSync(join(outside, 'deps'))).toEqual(['theirs']);
  });

  it('does not restore the entry of a pull request on the default branch', async () => {
    const payload = { repository: { default_branch: 'main' }, pull_request: { base: { ref: 'main' } } };
    const event = { name: 'pull_request', payload };
    const env = { GITHUB_REF: 'refs/pull/7/merge' };
    const { directory } = await fill({ event, env });
    const again = await launchJob({ steps: [wipe, cache()], directory, event, env });
    expect(again.steps[1]?.outputs['cache-hit']).toBe('true');
    const main = await launchJob({ steps: [wipe, cache()], directory });
    expect(main.steps[1]?.outputs['cache-hit']).toBe('');
  });

  it('lets three jobs save the same key at the same time', async () => {
    const root = join(runner(), 'shared');
    const jobs = await Promise.all([1, 2, 3].map(() => launchJob({ steps: [cache({ root }), make] })));
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
    const next = await launchJob({ steps: [cache({ root }), { run: ['cat', 'deps/link'] }] });
    expect(next.steps[1]?.stdout).toBe('one\n');
    expect(readdirSync(join(root, 'staging'))).toEqual([]);
  });

  it('leaves no partial entry when post is killed during the save', async () => {
    const directory = runner();
    const env = killAtFsCall({ phase: 'post', call: 'renameSync', path: '/staging/' });
    const killed = await launchJob({ directory, steps: [cache(), make], env });
    expect(killed.posts[0]?.exitCode).not.toBe(0);
    expect(staging(directory).length).toBeGreaterThan(0);
    const next = await launchJob({ steps: [wipe, cache(), make], directory });
    expect(next.steps[1]?.outputs['cache-hit']).toBe('');
    expect(next.posts[0]?.stdout).toContain('saved `k-1`');
    expect(staging(directory)).toEqual([]);
  });
});

describe('restore-local-cache with GitHub’s cache', () => {
  it('sends no request on an exact local hit', async () => {
    const { env, calls } = await serve();
    const { directory } = await fill();
    const { steps } = await launchJob({ steps: [wipe, cache()], directory, env });
    expect(steps[1]?.outputs['cache-source']).toBe('local');
    expect(calls).toEqual([]);
  });

  it('saves on a hosted runner, restores on another one, and creates no local store there', async () => {
    const service = await serve();
    const first = await fill({ environment: 'github-hosted', env: service.env });
    expect(first.posts[0]?.stdout).toContain('saved `k-1` to GitHub');
    expect(service.keys()).toEqual(['k-1']);
    expect(existsSync(storeOf(first.directory))).toBe(false);
    const next = await launchJob({
      steps: [cache(), { run: ['cat', 'deps/link'] }],
      environment: 'github-hosted',
      env: service.env,
    });
    expect(next.steps[0]?.outputs).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('one\n');
  });

  it('restores from GitHub on a local miss, and keeps the entry in the local store', async () => {
    const service = await serve();
    await fill({ environment: 'github-hosted', env: service.env });
    const own = await launchJob({ steps: [cache()], directory: runner(), env: service.env });
    expect(own.steps[0]?.outputs).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    const next = await launchJob({ steps: [wipe, cache()], directory: own.directory });
    expect(next.steps[1]?.outputs).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local' });
  });

  it('does not mix a local prefix match with the exact entry from GitHub', async () => {
    const service = await serve();
    const { directory } = await fill();
    const other = { run: ['/bin/sh', '-c', 'mkdir -p deps && echo new > deps/new'] };
    await launchJob({
      steps: [cache({ key: 'k-2' }), other],
      environment: 'github-hosted',
      env: service.env,
    });
    const { steps } = await launchJob({
      steps: [wipe, cache({ key: 'k-2', 'restore-keys': 'k-' }), { run: ['ls', 'deps'] }],
      directory,
      env: service.env,
    });
    expect(steps[1]?.outputs).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(steps[2]?.stdout).toBe('new\n');
  });

  it('restores the local prefix match when GitHub has no entry', async () => {
    const service = await serve();
    const { directory } = await fill();
    const { steps } = await launchJob({
      steps: [wipe, cache({ key: 'k-9', 'restore-keys': 'k-' })],
      directory,
      env: service.env,
    });
    expect(steps[1]?.outputs).toMatchObject({ 'cache-hit': 'false', 'cache-source': 'local' });
  });

  it('reports a miss and succeeds when the service denies access', async () => {
    const service = await serve();
    service.fail(403);
    const { conclusion, steps } = await launchJob({ steps: [cache(), make], env: service.env });
    expect(conclusion).toBe('success');
    expect(steps[0]?.outputs['cache-hit']).toBe('');
  });

  it('sends no request with remote: off', async () => {
    const service = await serve();
    await launchJob({ steps: [cache({ remote: 'off' }), make], env: service.env });
    expect(service.calls).toEqual([]);
  });
});
