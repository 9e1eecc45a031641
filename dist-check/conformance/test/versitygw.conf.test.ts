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
import { gatedWay } from '../ways.ts';

let bucket: Bucket;
beforeAll(async () => {
  bucket = await startVersity(process.env['CONFORMANCE_VERSITYGW'] ?? '');
});
afterAll(() => bucket?.stop());

let used = 0;
/** A part of the bucket that no other test uses. */
const part = () => `team/part-${(used += 1)}`;
const inputs = (folder: string, more = {}) => ({ shared: `s3://${bucket.name}/${folder}`, ...more });
const objects = (folder: string) => globSync(`${bucket.folder}/${folder}/**/*.pack`);
/** Says when an object was stored, which the server reads from its file. */
const store = (path: string, minutesAgo: number) => {
  const when = Date.now() / 1000 - 60 * minutesAgo;
  utimesSync(path, when, when);
};
const write = (text: string) => sh(`mkdir -p deps && echo ${text} > deps/text`);
const read = sh('cat deps/text');

describe('the shared level in a real S3', () => {
  it('restores on another machine what one has saved, small and large', async () => {
    const folder = part();
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
    'keeps to the folder %s',
    async (name) => {
      const above = part();
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

  it('takes of several entries for a restore key the newest', async () => {
    const folder = part();
    for (const key of ['npm-a', 'npm-b', 'npm-c', 'other'])
      await job([cache(inputs(folder, { key })), write(key)], { env: bucket.env });
    for (const [key, age] of Object.entries({ 'npm-a': 30, 'npm-b': 10, 'npm-c': 20, other: 1 }))
      for (const path of objects(folder)) if (path.includes(`/${key}.`)) store(path, age);
    const wanted = inputs(folder, { key: 'npm-d', 'restore-keys': 'pnpm-\nnpm-' });
    const found = await job([cache(wanted), read], { env: bucket.env });
    expect(found.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'npm-b' });
    expect(found.steps[1]?.stdout).toBe('npm-b\n');
  });

  it('finds the newest of more entries than a listing has on a page', async () => {
    const folder = part();
    await job([cache(inputs(folder, { key: 'k-z' })), write('newest')], { env: bucket.env });
    const [newest = ''] = objects(folder);
    for (let index = 0; index < 1100; index += 1) {
      const name = `k-${index}.${String(index).padStart(64, '0')}.pack`;
      copyFileSync(newest, join(dirname(newest), name));
      store(join(dirname(newest), name), 60 + index);
    }
    const listed = () => bucket.log().split('continuation-token').length;
    const before = listed();
    const wanted = inputs(folder, { key: 'none', 'restore-keys': 'k-' });
    const found = await job([cache(wanted), read], { env: bucket.env });
    expect(found.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'k-z' });
    expect(found.steps[1]?.stdout).toBe('newest\n');
    await expect.poll(() => listed() - before, { timeout: 60_000 }).toBe(1);
  });

  it('lets one of two savers win who send at once, and neither warns', async () => {
    const folder = part();
    const way = await gatedWay(bucket.url, 'PUT ', 2);
    try {
      const env = { ...bucket.env, AWS_ENDPOINT_URL: way.url };
      const jobs = await Promise.all(
        ['one', 'two'].map((text) => job([cache(inputs(folder)), write(text)], { env })),
      );
      expect(way.count()).toBe(1);
      expect(jobs.flatMap(warnings)).toEqual([]);
      const outcomes = jobs.map((one) => (report(one.cache)['saved'] as { shared: string }).shared);
      expect(outcomes.toSorted()).toEqual(['exists', 'saved']);
      const winner = outcomes.indexOf('saved') === 0 ? 'one' : 'two';
      const found = await job([cache(inputs(folder)), read], { env: bucket.env });
      expect(found.steps[1]?.stdout).toBe(`${winner}\n`);
    } finally {
      await way.stop();
    }
  });

  it.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'a-wrong-secret' }, {}, /403 SignatureDoesNotMatch/],
    ['a wrong name', { AWS_ACCESS_KEY_ID: 'nobody' }, {}, /No user exists with the provided access key ID/],
    ['a bucket that is not there', {}, { shared: 's3://nothing/here' }, /404 NoSuchBucket/],
  ])('takes %s for a miss and a warning that says so', async (_what, env, change, why) => {
    const all: Record<string, string> = { ...bucket.env, ...env };
    const result = await job([cache({ ...inputs(part()), ...change }), build], { env: all });
    expect(result.conclusion).toBe('success');
    expect(result.cache['cache-hit']).toBe('');
    expect(warnings(result).join()).toMatch(/The shared level .* could not be used, which counts as a miss/);
    expect(warnings(result).join()).toMatch(why);
    expect(keysIn(result.directory)).toEqual(['k-1']);
    const shown = [...result.steps, ...result.posts].map(({ stdout, stderr }) => stdout + stderr).join('');
    const log = shown.replaceAll(/^::add-mask::.*$/gm, '');
    for (const hidden of [secret, all['AWS_SECRET_ACCESS_KEY'] ?? '']) expect(log).not.toContain(hidden);
  });

  it('does without a server that is gone, and one that never answers, within its time', async () => {
    const stuck = await gatedWay(bucket.url, '', Infinity);
    try {
      for (const url of [closedPort, stuck.url]) {
        const env = { ...bucket.env, AWS_ENDPOINT_URL: url };
        const limits = { 'lookup-timeout': '2s', 'transfer-timeout': '2s' };
        const result = await job([cache(inputs(part(), limits)), build], { env });
        expect(result.conclusion).toBe('success');
        expect(warnings(result).join()).toMatch(/could not be used, which counts as a miss/);
        expect(keysIn(result.directory)).toEqual(['k-1']);
        // What the default of `lookup-timeout` would take alone.
        expect(Number(result.cache['restore-milliseconds'])).toBeLessThan(10_000);
      }
    } finally {
      await stuck.stop();
    }
  });

  it('keeps apart the longest keys, of emoji that only the last tells apart', async () => {
    const folder = part();
    // A key's length counts as JavaScript does: an emoji is two of the 512 characters.
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
