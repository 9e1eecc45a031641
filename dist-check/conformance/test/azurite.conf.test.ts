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
import { breakingWay } from '../ways.ts';

let blobs: Blobs;
beforeAll(async () => {
  blobs = await startAzurite(process.env['CONFORMANCE_AZURITE'] ?? '');
});
afterAll(() => blobs?.stop());

let used = 0;
/** GitHub's cache service with Azure's blobs; each has blobs of its own. */
const serveBlobs = (change: Parameters<Blobs['sign']>[1] = {}) => {
  const first = (used += 1000);
  return serve({ signBlob: (id) => blobs.sign(first + id, change) });
};

const toolkit = (act: 'save' | 'restore', inputs = {}) => ({
  action: join(import.meta.dirname, '../toolkit'),
  id: 'toolkit',
  with: { act, path: 'deps', key: 'k-1', ...inputs },
});

/** More than what goes in one request, and does not shrink. */
const large = sh('mkdir deps && head -c 150000000 /dev/urandom > deps/large && sha256sum deps/large');
const sum = sh('sha256sum deps/large');

describe('GitHub’s cache with a blob store of Azure’s', () => {
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

  it('sends a large archive in blocks, and gets it back byte for byte', async () => {
    const service = await serveBlobs();
    const blocks = () => blobs.count(/"PUT .*comp=block&/);
    const before = blocks();
    const saved = await job([cache(), large], hosted(service));
    expect(saved.post).toContain('saved `k-1` to GitHub');
    // The list comes last, and its line may come after its answer.
    await expect.poll(() => blobs.count(/"PUT .*comp=blocklist.* 201 /), { timeout: 60_000 }).toBe(1);
    expect(blocks() - before).toBe(3);
    const back = await job([cache(), sum], hosted(service));
    expect(back.steps[1]?.stdout).toBe(saved.steps[1]?.stdout);
  });

  it('goes on where a transfer broke off', async () => {
    const way = await breakingWay(blobs.url, 20_000_000);
    try {
      const service = await serveBlobs({ base: way.url });
      const saved = await job([cache(), large], hosted(service));
      const back = await job([cache(), sum], hosted(service));
      expect(way.count()).toBe(1);
      expect(back.steps[1]?.stdout).toBe(saved.steps[1]?.stdout);
      expect(warnings(back)).toEqual([]);
    } finally {
      await way.stop();
    }
  });

  it.each([
    ['small', build, show],
    ['large', large, sum],
  ])('has @actions/cache restore what we saved, and us what it saved: %s', async (size, make, look) => {
    const layout = { 'remote-layout': 'actions-cache' };
    const service = await serveBlobs();
    const ours = await job([cache(layout), make], hosted(service));
    const theirs = await job([toolkit('restore'), look], hosted(service));
    expect(theirs.steps[0]?.outputs).toEqual({ matched: 'k-1' });
    if (size === 'large') expect(theirs.steps[1]?.stdout).toBe(ours.steps[1]?.stdout);
    else expect(theirs.steps[1]?.stdout).toBe('one\ntwo\n');
    const saved = await job([make, toolkit('save', { key: 'k-2' })], hosted(service));
    expect(saved.conclusion).toBe('success');
    for (const change of [hosted(service), { env: service.env }]) {
      const back = await job([cache({ ...layout, key: 'k-2' }), look], change);
      expect(back.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(back.steps[1]?.stdout).toBe(size === 'large' ? saved.steps[0]?.stdout : 'one\ntwo\n');
      expect(warnings(back)).toEqual([]);
    }
  });

  it('takes an address that has expired for a miss, and shows no signature', async () => {
    const address: { expires?: Date } = {};
    const service = await serveBlobs(address);
    await job([cache(), build], hosted(service));
    address.expires = new Date(Date.now() - 60_000);
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
