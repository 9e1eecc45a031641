import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { action, build, cache, filled, hosted, job, keysIn, runner, serve, sh, show } from './stage.ts';

describe('keys', () => {
  it('sends no request on an exact local hit, and does not load code for requests', async () => {
    const service = await serve();
    const directory = await filled();
    const lean = mkdtempSync(join(tmpdir(), 'action-'));
    for (const name of ['action.yml', 'dist'])
      cpSync(join(action, name), join(lean, name), { recursive: true });
    const chunks = join(lean, 'dist/chunks');
    const asking = /GetCacheEntryDownloadURL|AWS4-HMAC|Zstd/;
    const names = readdirSync(chunks).filter((name) => asking.test(readFileSync(join(chunks, name), 'utf8')));
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) rmSync(join(chunks, name));
    const step = { action: lean, id: 'cache', with: { path: 'deps', key: 'k-1' } };
    const next = await job([step, show], { directory, env: service.env });
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local', files: '2' });
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(service.calls).toEqual([]);
  });

  it('prefers the exact key at GitHub to a local prefix match, and keeps the entry locally', async () => {
    const service = await serve();
    const directory = await filled();
    const other = sh('mkdir -p deps && echo new > deps/new');
    await job([cache({ key: 'k-2' }), other], hosted(service));
    const inputs = { key: 'k-2', 'restore-keys': 'k-' };
    const next = await job([cache(inputs), sh('ls deps')], { directory, env: service.env });
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('new\n');
    expect(keysIn(directory).sort()).toEqual(['k-1', 'k-2']);
    const again = await job([cache(inputs)], { directory });
    expect(again.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local' });
    expect(again.steps[0]?.stdout).toMatch(/from GitHub it took \d+/);
  });

  it('restores the local prefix match with prefer: nearest', async () => {
    const service = await serve();
    const directory = await filled();
    await job([cache({ key: 'k-2' }), build], hosted(service));
    const calls = service.calls.length;
    const inputs = { key: 'k-2', 'restore-keys': 'k-', prefer: 'nearest' };
    const next = await job([cache(inputs)], { directory, env: service.env, jobStatus: 'failure' });
    expect(next.cache).toMatchObject({ 'cache-hit': 'false', 'cache-source': 'local' });
    expect(service.calls).toHaveLength(calls);
  });

  it('sets cache-hit to false for a prefix match, and saves under the exact key', async () => {
    const directory = await filled();
    const inputs = { key: 'k-2', 'restore-keys': 'x-\nk-' };
    const next = await job([cache(inputs), sh('echo more > deps/more')], { directory });
    expect(next.cache).toMatchObject({
      'cache-hit': 'false',
      'cache-matched-key': 'k-1',
      'cache-primary-key': 'k-2',
    });
    expect(next.post).toContain('saved `k-2`');
    const both = await job([cache({ key: 'k-2' }), sh('ls deps; rm -r deps')], { directory });
    expect(both.steps[1]?.stdout).toContain('more');
    const first = await job([cache(), sh('ls deps')], { directory });
    expect(first.steps[1]?.stdout).not.toContain('more');
  });

  it('saves a key that lookup-only did not find, as actions/cache does', async () => {
    const directory = await filled();
    const looking = cache({ key: 'k-2', 'restore-keys': 'k-', 'lookup-only': 'true' });
    const first = await job([sh('rm -rf deps'), looking, build], { directory });
    expect(first.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'k-1' });
    expect(first.post).toContain('saved `k-2`');
    const again = await job([looking, build], { directory });
    expect(again.cache['cache-hit']).toBe('true');
    expect(again.post).toContain('nothing saved (the key was found)');
  });

  it('leaves cache-hit empty on a miss', async () => {
    const { cache: outputs } = await job([cache()]);
    expect(outputs).toMatchObject({
      'cache-hit': '',
      'cache-matched-key': '',
      'cache-primary-key': 'k-1',
      'cache-source': 'none',
    });
  });

  it('prefers the exact key to a newer key that starts with it', async () => {
    const directory = runner();
    await job([cache({ key: 'a' }), sh('mkdir deps && echo a > deps/f')], { directory });
    await job([cache({ key: 'a-b' }), sh('rm -rf deps; mkdir deps && echo b > deps/f')], { directory });
    const next = await job([cache({ key: 'a' }), sh('cat deps/f')], { directory });
    expect(next.cache['cache-matched-key']).toBe('a');
    expect(next.steps[1]?.stdout).toBe('a\n');
  });

  it.each([
    ['/../../etc/x'],
    ['*[?\' $(id) `id` "$HOME"'],
    ['one\ntwo'],
    ['emoji 😀 é'],
    ['ends with a dot.'],
    ['CON'],
    ['x'.repeat(512)],
  ])('saves and restores under the key %j, byte for byte', async (key) => {
    const service = await serve();
    const directory = await filled({ key }, { env: service.env });
    const next = await job([cache({ key })], { directory });
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-matched-key': key });
    const elsewhere = await job([cache({ key })], hosted(service));
    expect(elsewhere.cache).toMatchObject({ 'cache-hit': 'true', 'cache-matched-key': key });
    const prefixed = await job([cache({ key: 'absent', 'restore-keys': key.split('\n')[0] ?? '' })], {
      directory,
    });
    expect(prefixed.cache['cache-matched-key']).toBe(key);
  });

  it('treats keys that differ only in case as different', async () => {
    const directory = await filled({ key: 'Key' });
    const next = await job([cache({ key: 'key' }), build], { directory });
    expect(next.cache['cache-hit']).toBe('');
    expect(keysIn(directory).sort()).toEqual(['Key', 'key']);
  });

  it.each([
    ['paths', { path: 'deps\nmore' }, {}],
    ['systems', {}, { RUNNER_OS: 'macOS' }],
    ['architectures', {}, { RUNNER_ARCH: 'ARM64' }],
    ['repositories', { root: '' }, { GITHUB_REPOSITORY_ID: '77' }],
    ['servers', {}, { GITHUB_SERVER_URL: 'https://ghes.example' }],
  ])('does not restore an entry of other %s', async (_what, inputs, env) => {
    const directory = await filled();
    const next = await job([cache(inputs)], { directory, env });
    expect(next.cache['cache-hit']).toBe('');
  });

  it('restores an entry of another operating system with enableCrossOsArchive', async () => {
    const inputs = { enableCrossOsArchive: 'true' };
    const directory = await filled(inputs);
    const next = await job([cache(inputs)], { directory, env: { RUNNER_OS: 'macOS' } });
    expect(next.cache['cache-hit']).toBe('true');
  });

  it('treats other spellings of a path as the same path', async () => {
    const directory = await filled({ path: './deps/' });
    const next = await job([cache()], { directory });
    expect(next.cache['cache-hit']).toBe('true');
  });
});
