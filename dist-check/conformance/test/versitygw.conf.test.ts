import { copyFileSync, globSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  build,
  cache,
  closedPort,
  job,
  keysIn,
  report,
  sh,
  show,
  warnings,
} from '../../../actions/restore-local-cache/test/situations/stage.ts';
import { type Bucket, secret, startVersity } from '../versitygw.ts';
import { gatingProxy } from '../faulty-proxies.ts';

let bucket: Bucket;
beforeAll(async () => {
  bucket = await startVersity(process.env['CONFORMANCE_VERSITYGW'] ?? '');
});
afterAll(() => bucket?.stop());

let used = 0;
/** Returns a prefix in the bucket that no other test uses. */
const newPrefix = () => `team/part-${(used += 1)}`;
const inputs = (folder: string, more = {}) => ({ shared: `s3://${bucket.name}/${folder}`, ...more });
const objects = (folder: string) => globSync(`${bucket.folder}/${folder}/**/*.pack`);
/** Sets the time of an object. The server reads it from the file. */
const setAge = (path: string, minutesAgo: number) => {
  const when = Date.now() / 1000 - 60 * minutesAgo;
  utimesSync(path, when, when);
};
const write = (text: string) => sh(`mkdir -p deps && echo ${text} > deps/text`);
const read = sh('cat deps/text');

describe('the shared level on a real S3 server', () => {
  it('restores small and large entries that another machine saved', async () => {
    const folder = newPrefix();
    const large = sh('mkdir deps && head -c 150000000 /dev/urandom > deps/large && sha256sum deps/large');
    const saved = [
      await job([cache(inputs(folder)), build], { env: bucket.env }),
      await job([cache(inputs(folder, { key: 'large' })), large], { env: bucket.env }),
    ];
    for (const { post } of saved) expect(post).toMatch(/to this machine’s disk and the shared level/);
    const small = await job([cache(inputs(folder)), show], { env: bucket.env });
    expect(small.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'shared' });
    expect(small.steps[1]?.stdout).toBe('one\ntwo\n');
    const sum = sh('sha256sum deps/large');
    const back = await job([cache(inputs(folder, { key: 'large' })), sum], { env: bucket.env });
    expect(back.steps[1]?.stdout).toBe(saved[1]?.steps[1]?.stdout);
    expect([...saved, small, back].flatMap(warnings)).toEqual([]);
  });

  it.each(['a b+c', 'it’s <1> & "2"', 'a#b?c=d%20e', "~!'()*", 'grün//🧊'])(
    'saves, restores and lists only in the folder %s',
    async (name) => {
      const above = newPrefix();
      const folder = `${above}/${name}`;
      await job([cache(inputs(folder)), write('one')], { env: bucket.env });
      const [path = ''] = objects(above);
      expect(path).toContain(`/${folder.replace('//', '/')}/`);
      const exact = await job([cache(inputs(folder)), read], { env: bucket.env });
      expect(exact.cache['cache-hit']).toBe('true');
      const wanted = inputs(folder, { key: 'none', 'restore-keys': 'k-' });
      const found = await job([cache(wanted), read], { env: bucket.env });
      expect(found.cache['cache-matched-key']).toBe('k-1');
      expect([exact, found].flatMap(warnings)).toEqual([]);
    },
  );

  it('restores the newest of several entries that match a restore key', async () => {
    const folder = newPrefix();
    for (const key of ['npm-a', 'npm-b', 'npm-c', 'other'])
      await job([cache(inputs(folder, { key })), write(key)], { env: bucket.env });
    for (const [key, age] of Object.entries({ 'npm-a': 30, 'npm-b': 10, 'npm-c': 20, other: 1 }))
      for (const path of objects(folder)) if (path.includes(`/${key}.`)) setAge(path, age);
    const wanted = inputs(folder, { key: 'npm-d', 'restore-keys': 'pnpm-\nnpm-' });
    const found = await job([cache(wanted), read], { env: bucket.env });
    expect(found.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'npm-b' });
    expect(found.steps[1]?.stdout).toBe('npm-b\n');
  });

  it('finds the newest entry when a listing has several pages', async () => {
    const folder = newPrefix();
    await job([cache(inputs(folder, { key: 'k-z' })), write('newest')], { env: bucket.env });
    const [newest = ''] = objects(folder);
    for (let index = 0; index < 1100; index += 1) {
      const name = `k-${index}.${String(index).padStart(64, '0')}.pack`;
      copyFileSync(newest, join(dirname(newest), name));
      setAge(join(dirname(newest), name), 60 + index);
    }
    const listed = () => bucket.log().split('continuation-token').length;
    const before = listed();
    const wanted = inputs(folder, { key: 'none', 'restore-keys': 'k-' });
    const found = await job([cache(wanted), read], { env: bucket.env });
    expect(found.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'k-z' });
    expect(found.steps[1]?.stdout).toBe('newest\n');
    await expect.poll(() => listed() - before, { timeout: 60_000 }).toBe(1);
  });

  it('keeps the entry of one of two jobs that save at the same time, without a warning', async () => {
    const folder = newPrefix();
    const proxy = await gatingProxy(bucket.url, 'PUT ', 2);
    try {
      const env = { ...bucket.env, AWS_ENDPOINT_URL: proxy.url };
      const jobs = await Promise.all(
        ['one', 'two'].map((text) => job([cache(inputs(folder)), write(text)], { env })),
      );
      expect(proxy.count()).toBe(1);
      expect(jobs.flatMap(warnings)).toEqual([]);
      const outcomes = jobs.map((one) => (report(one.cache)['saved'] as { shared: string }).shared);
      expect(outcomes.toSorted()).toEqual(['exists', 'saved']);
      const winner = outcomes.indexOf('saved') === 0 ? 'one' : 'two';
      const found = await job([cache(inputs(folder)), read], { env: bucket.env });
      expect(found.steps[1]?.stdout).toBe(`${winner}\n`);
    } finally {
      await proxy.stop();
    }
  });

  it.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'a-wrong-secret' }, {}, /403 SignatureDoesNotMatch/],
    [
      'a wrong access key ID',
      { AWS_ACCESS_KEY_ID: 'nobody' },
      {},
      /No user exists with the provided access key ID/,
    ],
    ['a bucket that does not exist', {}, { shared: 's3://nothing/here' }, /404 NoSuchBucket/],
  ])('treats %s as a miss, with a warning that gives the reason', async (_what, env, change, why) => {
    const all: Record<string, string> = { ...bucket.env, ...env };
    const result = await job([cache({ ...inputs(newPrefix()), ...change }), build], { env: all });
    expect(result.conclusion).toBe('success');
    expect(result.cache['cache-hit']).toBe('');
    expect(warnings(result).join()).toMatch(/The shared level .* could not be used, which counts as a miss/);
    expect(warnings(result).join()).toMatch(why);
    expect(keysIn(result.directory)).toEqual(['k-1']);
    const shown = [...result.steps, ...result.posts].map(({ stdout, stderr }) => stdout + stderr).join('');
    const log = shown.replaceAll(/^::add-mask::.*$/gm, '');
    for (const hidden of [secret, all['AWS_SECRET_ACCESS_KEY'] ?? '']) expect(log).not.toContain(hidden);
  });

  it('continues without a server that is gone or never answers, within the timeouts', async () => {
    const stuck = await gatingProxy(bucket.url, '', Infinity);
    try {
      for (const url of [closedPort, stuck.url]) {
        const env = { ...bucket.env, AWS_ENDPOINT_URL: url };
        const limits = { 'lookup-timeout': '2s', 'transfer-timeout': '2s' };
        const result = await job([cache(inputs(newPrefix(), limits)), build], { env });
        expect(result.conclusion).toBe('success');
        expect(warnings(result).join()).toMatch(/could not be used, which counts as a miss/);
        expect(keysIn(result.directory)).toEqual(['k-1']);
        // The default of `lookup-timeout` alone would take this long.
        expect(Number(result.cache['restore-milliseconds'])).toBeLessThan(10_000);
      }
    } finally {
      await stuck.stop();
    }
  });

  it('distinguishes keys of the maximum length that differ only in the last emoji', async () => {
    const folder = newPrefix();
    // The length of a key is counted in UTF-16 code units: an emoji takes two of the 512.
    const key = (last: string) => '🧊'.repeat(255) + last;
    for (const last of ['🔥', '🌊'])
      await job([cache(inputs(folder, { key: key(last) })), write(last)], { env: bucket.env });
    expect(objects(folder)).toHaveLength(2);
    for (const last of ['🔥', '🌊']) {
      const found = await job([cache(inputs(folder, { key: key(last) })), read], { env: bucket.env });
      expect(found.cache['cache-matched-key']).toBe(key(last));
      expect(found.steps[1]?.stdout).toBe(`${last}\n`);
    }
    const wanted = inputs(folder, { key: key('🪨'), 'restore-keys': key('') });
    const found = await job([cache(wanted), read], { env: bucket.env });
    expect([key('🔥'), key('🌊')]).toContain(found.cache['cache-matched-key']);
  });
});
