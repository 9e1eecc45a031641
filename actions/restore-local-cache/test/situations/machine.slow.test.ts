import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patchNodeModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  action,
  build,
  cache,
  leftovers,
  filled,
  hosted,
  job,
  keysIn,
  runCommand as run,
  runner,
  serve,
  sh,
  show,
  storeOf,
  warnings,
} from './stage.ts';

describe('one machine and its jobs', () => {
  it('restores nothing of an untrusted archive, and warns with the reason', async () => {
    const service = await serve();
    await filled({}, hosted(service));
    const evil = [
      '{"pack":1,"key":"k-1","createdAt":0,"digests":false,"trees":[{"place":{"path":0,"below":""},"items":2}]}',
      '["directory","",493,0,0,""]',
      '["link","evil",511,0,0,"/etc/passwd"]',
      'end',
      '',
    ].join('\n');
    const { zstdCompressSync } = await import('node:zlib');
    service.replaceBody('k-1', zstdCompressSync(Buffer.from(evil)));
    const next = await job([cache(), sh('ls -A')], { env: service.env });
    expect(warnings(next).join()).toContain(
      '"evil" is a link to "/etc/passwd", where links of a cache may not lead',
    );
    expect(next.steps[1]?.stdout).toBe('');
    expect(leftovers(next.directory)).toEqual([]);
  });

  it('skips a shared folder after the timeout when its server does not answer', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    await filled({ shared });
    const hangs = 'module.lstatSync = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    const env = patchNodeModule('node:fs', `if (process.argv[1]?.includes('directory-helper')) ${hangs}`);
    const inputs = { shared, 'lookup-timeout': '2s', 'transfer-timeout': '1s' };
    const result = await job([cache(inputs), build], { directory: runner(), env });
    expect(result.conclusion).toBe('success');
    expect(result.cache['cache-hit']).toBe('');
    expect(warnings(result).join()).toMatch(
      /The shared level .* could not be used.*did not answer within \d+ ms/,
    );
    expect(keysIn(result.directory)).toEqual(['k-1']);
  });

  it('restores from a shared folder on another machine, and copies entries from GitHub to it', async () => {
    const service = await serve();
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    await filled({ shared });
    const other = await job([cache({ shared }), show]);
    expect(other.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'shared' });
    expect(other.steps[1]?.stdout).toBe('one\ntwo\n');
    const prefixed = await job([cache({ shared, key: 'k-9', 'restore-keys': 'k-' })], {
      jobStatus: 'failure',
    });
    expect(prefixed.cache).toMatchObject({
      'cache-hit': 'false',
      'cache-source': 'shared',
      'cache-matched-key': 'k-1',
    });
    await job([cache({ key: 'far' }), build], hosted(service));
    await job([cache({ shared, key: 'far' })], { env: service.env });
    expect((await job([cache({ shared, key: 'far' })])).cache['cache-source']).toBe('shared');
  });

  it('warns when the shared folder is not mounted', async () => {
    const result = await job([cache({ shared: '/nowhere/mounted' }), build]);
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toMatch(/ENOENT.*nowhere/);
  });

  it('ends a hanging upload at the transfer timeout', async () => {
    const service = await serve();
    const steps = [cache({ 'transfer-timeout': '2s' }), build, sh('echo hang')];
    const result = await job(steps, {
      env: service.env,
      onStart: ({ phase }) => {
        if (phase === 'post') service.fail('hang');
      },
    });
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toMatch(/Nothing was saved to GitHub’s cache: no answer in time/);
    expect(keysIn(result.directory)).toEqual(['k-1']);
  });

  it('fails the second of two steps with the same path, unless the first one missed', async () => {
    const directory = await filled();
    const twice = await job([cache(), { ...cache({ key: 'k-1' }), id: 'again' }], { directory });
    expect(twice.conclusion).toBe('failure');
    expect(warnings(twice).join()).toMatch(
      /Input 'path' has .*deps, which another step of this job already restored with the key 'k-1'/,
    );
    const nested = await job([cache(), { ...cache({ path: 'deps/sub', key: 'n' }), id: 'again' }], {
      directory,
    });
    expect(warnings(nested).join()).toContain('which overlaps');
    const second = await job([{ ...cache({ key: 'absent' }), id: 'first' }, cache(), show], { directory });
    expect(second.conclusion).toBe('success');
    expect(second.cache['cache-hit']).toBe('true');
  });

  it('caches the outer one of nested paths, and excludes paths with !, also before a space', async () => {
    const nested = await job([cache({ path: 'deps/sub\ndeps' }), build]);
    const again = await job([cache({ path: 'deps/sub\ndeps' }), show], { directory: nested.directory });
    expect([...warnings(nested), ...warnings(again)]).toEqual([]);
    expect(again.steps[1]?.stdout).toBe('one\ntwo\n');
    const make = sh('mkdir -p p/a p/b; echo a > p/a/f; echo b > p/b/f');
    const inputs = { path: 'p/*\n! p/b' };
    const { directory } = await job([cache(inputs), make]);
    const next = await job([sh('rm -rf p'), cache(inputs), sh('ls p')], { directory });
    expect(next.steps[2]?.stdout).toBe('a\n');
  });

  it('warns when a virtual environment is restored to another path', async () => {
    const service = await serve();
    const make = sh(
      'mkdir -p deps/bin && echo home > deps/pyvenv.cfg && ln -s /usr/bin/python3 deps/bin/python',
    );
    const first = await job([cache(), make], { env: service.env });
    const same = await job([cache()], { directory: first.directory });
    expect(warnings(same)).toEqual([]);
    const other = await job([cache()], { env: service.env });
    expect(other.cache['cache-hit']).toBe('true');
    expect(warnings(other).join()).toMatch(
      /contains a Python virtual environment that was created at .*deps/,
    );
  });

  it('keeps open files of a copy readable while its entry is evicted', async () => {
    const directory = await filled();
    const run = sh('exec 3< deps/sub/a; rm -rf ../../_runner-actions-cache/v3; cat <&3');
    const { steps, conclusion } = await job([cache(), run], { directory });
    expect([conclusion, steps[1]?.stdout]).toEqual(['success', 'one\n']);
  });

  it('runs gc once at a time, and keeps entries in use and new entries', async () => {
    const directory = await filled();
    const bounds = ['--max-size', '0B', '--min-free', '0%'];
    const gc = () => run(['gc', '--root', storeOf(directory), ...bounds]);
    const results = await Promise.all([gc(), gc(), gc()]);
    // A gc that finds another one running does nothing and reports that.
    expect(results.map(({ status }) => status)).toContain(0);
    expect(results.filter(({ status }) => status !== 0 && status !== 1)).toEqual([]);
    expect(keysIn(directory)).toEqual(['k-1']);
    const held = sh(
      `find ../../_runner-actions-cache -name used -exec touch -d '2 days ago' {} + ; "$NODE" "$STORE" prune --root "$(realpath ../../_runner-actions-cache)" --older-than 0s; ls deps`,
    );
    const env = { NODE: process.execPath, STORE: join(action, 'dist/store.js') };
    const next = await job([cache(), held], { directory, env });
    expect(next.steps[1]?.stdout).toContain('0 entries and copies removed');
    expect(next.steps[1]?.stdout).toContain('b c\n');
    expect(keysIn(directory)).toEqual(['k-1']);
    expect((await run(['prune', '--root', storeOf(directory), '--older-than', '0s'])).stdout).toContain(
      '2 entries and copies removed',
    );
    expect(readdirSync(join(storeOf(directory), 'v3'))).toEqual([]);
  });
});
