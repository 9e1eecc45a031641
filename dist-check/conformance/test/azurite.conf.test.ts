import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  build,
  cache,
  hosted,
  job,
  keysIn,
  serve,
  sh,
  show,
  warnings,
} from '../../../actions/restore-local-cache/test/situations/stage.ts';
import { type Blobs, startAzurite } from '../azurite.ts';
import { disconnectingProxy } from '../faulty-proxies.ts';

let blobs: Blobs;
beforeAll(async () => {
  blobs = await startAzurite(process.env['CONFORMANCE_AZURITE'] ?? '');
});
afterAll(() => blobs?.stop());

let used = 0;
/** Starts a fake of GitHub's cache service that stores blobs in Azurite. Each call uses other blobs. */
const serveBlobs = (change: Parameters<Blobs['sign']>[1] = {}) => {
  const first = (used += 1000);
  return serve({ signBlob: (id) => blobs.sign(first + id, change) });
};

const toolkit = (operation: 'save' | 'restore', inputs = {}) => ({
  action: join(import.meta.dirname, '../toolkit'),
  id: 'toolkit',
  with: { operation, path: 'deps', key: 'k-1', ...inputs },
});

/** Creates a file that is too large for one request and cannot be compressed. */
const large = sh('mkdir deps && head -c 150000000 /dev/urandom > deps/large && sha256sum deps/large');
const sum = sh('sha256sum deps/large');

describe('GitHub’s cache with blobs in Azurite', () => {
  it('exchanges portable entries between a hosted and a self-hosted runner', async () => {
    const service = await serveBlobs();
    await job([cache(), build], hosted(service));
    const own = await job([cache(), show], { env: service.env });
    expect(own.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(own.steps[1]?.stdout).toBe('one\ntwo\n');
    await job([cache({ key: 'k-2' }), build], { env: service.env });
    const there = await job([cache({ key: 'none', 'restore-keys': 'k-' }), show], hosted(service));
    expect(there.cache).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'k-2' });
    expect(there.steps[1]?.stdout).toBe('one\ntwo\n');
    expect([...warnings(own), ...warnings(there)]).toEqual([]);
  });

  it('uploads a large archive in blocks and restores it byte for byte', async () => {
    const service = await serveBlobs();
    const blocks = () => blobs.count(/"PUT .*comp=block&/);
    const before = blocks();
    const saved = await job([cache(), large], hosted(service));
    expect(saved.post).toContain('saved `k-1` to GitHub');
    // The block list is sent last. Its log line can appear after its response.
    await expect.poll(() => blobs.count(/"PUT .*comp=blocklist.* 201 /), { timeout: 60_000 }).toBe(1);
    expect(blocks() - before).toBe(3);
    const back = await job([cache(), sum], hosted(service));
    expect(back.steps[1]?.stdout).toBe(saved.steps[1]?.stdout);
  });

  it('continues a download after the connection was closed', async () => {
    const proxy = await disconnectingProxy(blobs.url, 20_000_000);
    try {
      const service = await serveBlobs({ base: proxy.url });
      const saved = await job([cache(), large], hosted(service));
      const back = await job([cache(), sum], hosted(service));
      expect(proxy.count()).toBe(1);
      expect(back.steps[1]?.stdout).toBe(saved.steps[1]?.stdout);
      expect(warnings(back)).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });

  it.each([
    ['small', build, show],
    ['large', large, sum],
  ])(
    'exchanges entries with @actions/cache in both directions: %s archive',
    async (size, createFiles, look) => {
      const layout = { 'remote-layout': 'actions-cache' };
      const service = await serveBlobs();
      const ours = await job([cache(layout), createFiles], hosted(service));
      const theirs = await job([toolkit('restore'), look], hosted(service));
      expect(theirs.steps[0]?.outputs).toEqual({ matched: 'k-1' });
      if (size === 'large') expect(theirs.steps[1]?.stdout).toBe(ours.steps[1]?.stdout);
      else expect(theirs.steps[1]?.stdout).toBe('one\ntwo\n');
      const saved = await job([createFiles, toolkit('save', { key: 'k-2' })], hosted(service));
      expect(saved.conclusion).toBe('success');
      for (const change of [hosted(service), { env: service.env }]) {
        const back = await job([cache({ ...layout, key: 'k-2' }), look], change);
        expect(back.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
        expect(back.steps[1]?.stdout).toBe(size === 'large' ? saved.steps[0]?.stdout : 'one\ntwo\n');
        expect(warnings(back)).toEqual([]);
      }
    },
  );

  it('treats an expired URL as a miss, and never logs a signature', async () => {
    const signing: { expires?: Date } = {};
    const service = await serveBlobs(signing);
    await job([cache(), build], hosted(service));
    signing.expires = new Date(Date.now() - 60_000);
    const missed = await job([cache()], { env: service.env });
    expect(missed.conclusion).toBe('success');
    expect(missed.cache['cache-hit']).toBe('');
    expect(warnings(missed).join()).toMatch(/GitHub’s cache could not be used, which counts as a miss: 403/);
    const kept = await job([cache({ key: 'k-2' }), build], { env: service.env });
    expect(kept.conclusion).toBe('success');
    expect(warnings(kept).join()).toMatch(/Nothing was saved to GitHub’s cache: 403/);
    expect(keysIn(kept.directory)).toEqual(['k-2']);
    const results = [missed, kept].flatMap(({ steps, posts }) => [...steps, ...posts]);
    expect(results.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain('sig=');
  });
});
