import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patch } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  action,
  build,
  cache,
  debris,
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

describe('situations 21 and 26 to 40: the machine, and what users do', () => {
  it('21: an archive of a stranger is named in the log, and nothing of it is there', async () => {
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
    expect(debris(next.directory)).toEqual([]);
  });

  it('26: a shared folder whose server is gone costs its budget, and is skipped', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    await filled({ shared });
    const hangs = 'module.lstatSync = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    const env = patch('node:fs', `if (process.argv[1]?.includes('directory-helper')) ${hangs}`);
    const inputs = { shared, 'lookup-timeout': '2s', 'transfer-timeout': '1s' };
    const result = await job([cache(inputs), build], { directory: runner(), env });
    expect(result.conclusion).toBe('success');
    expect(result.cache['cache-hit']).toBe('');
    expect(warnings(result).join()).toMatch(
      /The shared level .* could not be used.*did not answer within \d+ ms/,
    );
    expect(keysIn(result.directory)).toEqual(['k-1']);
  });

  it('a shared folder serves the next machine, exact before prefix, and takes what GitHub had', async () => {
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

  it('a shared folder that is not mounted is a warning', async () => {
    const result = await job([cache({ shared: '/nowhere/mounted' }), build]);
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toMatch(/ENOENT.*nowhere/);
  });

  it('28: an upload that hangs ends with its budget, though nothing limits a post step', async () => {
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

  it('29: two steps of a job with one path: the second is told, unless the first found nothing', async () => {
    const directory = await filled();
    const twice = await job([cache(), { ...cache({ key: 'k-1' }), id: 'again' }], { directory });
    expect(twice.conclusion).toBe('failure');
    expect(warnings(twice).join()).toMatch(
      /Input 'path' has .*deps, and this job restored already with the key 'k-1'/,
    );
    const nested = await job([cache(), { ...cache({ path: 'deps/sub', key: 'n' }), id: 'again' }], {
      directory,
    });
    expect(warnings(nested).join()).toContain('which overlaps');
    const second = await job([{ ...cache({ key: 'absent' }), id: 'first' }, cache(), show], { directory });
    expect(second.conclusion).toBe('success');
    expect(second.cache['cache-hit']).toBe('true');
  });

  it('29: of paths in each other the outer one is cached, and ! takes out, with a space as well', async () => {
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

  it('31: a virtual environment at another place is a warning', async () => {
    const service = await serve();
    const make = sh(
      'mkdir -p deps/bin && echo home > deps/pyvenv.cfg && ln -s /usr/bin/python3 deps/bin/python',
    );
    const first = await job([cache(), make], { env: service.env });
    const same = await job([cache()], { directory: first.directory });
    expect(warnings(same)).toEqual([]);
    const other = await job([cache()], { env: service.env });
    expect(other.cache['cache-hit']).toBe('true');
    expect(warnings(other).join()).toMatch(/holds a Python virtual environment that was made at .*deps/);
  });

  it('32: a program that runs from a copy goes on while its entry is evicted', async () => {
    const directory = await filled();
    const run = sh('exec 3< deps/sub/a; rm -rf ../../_runner-actions-cache/v3; cat <&3');
    const { steps, conclusion } = await job([cache(), run], { directory });
    expect([conclusion, steps[1]?.stdout]).toEqual(['success', 'one\n']);
  });

  it('40: gc by two at once: one works; what a job holds and what was just saved stays', async () => {
    const directory = await filled();
    const bounds = ['--max-size', '0B', '--min-free', '0%'];
    const gc = () => run(['gc', '--root', storeOf(directory), ...bounds]);
    const results = await Promise.all([gc(), gc(), gc()]);
    // Who comes meanwhile does nothing, and says so.
    expect(results.map(({ status }) => status)).toContain(0);
    expect(results.filter(({ status }) => status !== 0 && status !== 1)).toEqual([]);
    expect(keysIn(directory)).toEqual(['k-1']);
    const held = sh(
      `find ../../_runner-actions-cache -name used -exec touch -d '2 days ago' {} + ; "$NODE" "$STORE" prune --root "$(realpath ../../_runner-actions-cache)" --older-than 0s; ls deps`,
    );
    const env = { NODE: process.execPath, STORE: join(action, 'dist/store.js') };
    const next = await job([cache(), held], { directory, env });
    expect(next.steps[1]?.stdout).toContain('0 entries and copies went');
    expect(next.steps[1]?.stdout).toContain('b c\n');
    expect(keysIn(directory)).toEqual(['k-1']);
    expect((await run(['prune', '--root', storeOf(directory), '--older-than', '0s'])).stdout).toContain(
      '2 entries and copies went',
    );
    expect(readdirSync(join(storeOf(directory), 'v3'))).toEqual([]);
  });
});
