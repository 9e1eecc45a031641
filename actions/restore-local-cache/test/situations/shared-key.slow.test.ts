import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type JobResult, patchNodeModule } from '@runner-actions/testing';
import { digest } from '@runner-actions/store';
import { describe, expect, it } from 'vitest';
import { startBucket } from './bucket.ts';
import { build, cache, job, runner, show, warnings } from './stage.ts';

const secret = 'correct horse battery staple';
const proof = 'runner-actions 1';

/** A shared level, and the bytes of its only pack. */
interface Place {
  shared: string;
  env: Record<string, string>;
  pack: () => Buffer;
}

const packsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pack'));

const places: [string, () => Promise<Place>][] = [
  [
    'folder',
    async () => {
      const shared = mkdtempSync(join(tmpdir(), 'shared-'));
      return { shared, env: {}, pack: () => readFileSync(join(shared, packsIn(shared)[0] ?? '')) };
    },
  ],
  [
    'bucket',
    async () => {
      const { address, env, objects } = await startBucket();
      return { shared: address, env, pack: () => [...objects.values()][0] ?? Buffer.alloc(0) };
    },
  ],
];

/** Everything that a step writes where others can read it, except the commands that mask secrets. */
function seen({ steps, posts }: JobResult): string {
  const said = [...steps, ...posts].map(({ stdout, stderr, state, outputs, summary }) => {
    const path = outputs['report'] ?? '';
    const report = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return [stdout.replaceAll(/^::add-mask::.*$/gm, ''), stderr, JSON.stringify(state), report, summary];
  });
  return said.flat().join('\n');
}

describe('shared-key', () => {
  it.each(places)(
    'a pack in a %s that was saved without the key is a miss, and is replaced',
    async (_what, open) => {
      const { shared, env, pack } = await open();
      const on = (inputs = {}) => cache({ shared, ...inputs });
      await job([on(), build], { env });
      expect(pack().includes(proof)).toBe(false);

      const junk = await job([on({ 'shared-key': secret, 'restore-keys': 'k' }), build], { env });
      expect(junk.cache['cache-source']).toBe('none');
      expect(warnings(junk)).toEqual([
        expect.stringMatching(
          /^The pack .*\/k-1\..*pack in .* is not used.*: it carries no proof of 'shared-key'/,
        ),
      ]);
      expect(junk.post).toMatch(/is not proven by 'shared-key': replacing it/);
      expect(junk.post).toMatch(/saved `k-1` to .* and the shared level/);
      expect(pack().includes(proof)).toBe(true);

      const next = await job([on({ 'shared-key': secret }), show], { env });
      expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'shared' });
      expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
      expect(warnings(next)).toEqual([]);
    },
  );

  it('a pack with a proof can be restored without the key, and only under its original name', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    const inputs = { shared, 'shared-key': secret };
    await job([cache(inputs), build]);
    const [pack = ''] = packsIn(shared);
    const copyAs = (name: string) => cpSync(join(shared, pack), join(shared, dirname(pack), `${name}.pack`));

    const again = await job([build, cache(inputs, 'save')]);
    expect(again.steps[1]?.log).not.toContain('replacing');
    expect(again.steps[1]?.log).toContain('to this machine’s disk in');

    copyAs(`k-9.${digest(['k-1'])}`);
    const open = await job([cache({ shared, key: 'k' }), show], { jobStatus: 'failure' });
    expect(open.cache).toMatchObject({ 'cache-matched-key': 'k-1', 'cache-source': 'shared' });
    expect(open.steps[1]?.stdout).toBe('one\ntwo\n');

    copyAs(`k-2.${digest(['k-2'])}`);
    const moved = await job([cache({ ...inputs, key: 'k-2', 'lookup-only': 'true' })], {
      jobStatus: 'failure',
    });
    expect(moved.cache['cache-hit']).toBe('');
    expect(warnings(moved).join()).toContain('its proof does not match the key, the name or the content');
  });

  it('the key is masked, and appears in no output, state, report or environment', async () => {
    const [shared, noted] = [mkdtempSync(join(tmpdir(), 'shared-')), join(runner(), 'environment')];
    const note = `module.appendFileSync(${JSON.stringify(noted)}, JSON.stringify(process.env));`;
    const env = patchNodeModule('node:fs', `if (process.argv[1]?.includes('directory-helper')) { ${note} }`);
    const result = await job([cache({ shared, 'shared-key': secret, verbose: 'true' }), build], { env });
    expect(result.post).toContain('and the shared level');
    for (const { masks } of [result.steps[0], ...result.posts].filter((step) => step !== undefined))
      expect(masks).toContain(secret);
    expect(seen(result)).not.toContain(secret);
    expect(readFileSync(noted, 'utf8')).not.toContain(secret);
  });

  it('warns when the input shared is not set', async () => {
    const result = await job([cache({ 'shared-key': secret })]);
    expect([result.conclusion, warnings(result)[0]]).toEqual([
      'success',
      "Input 'shared-key' has no effect without 'shared'.",
    ]);
  });

  it('refuses a key that is too short', async () => {
    const result = await job([cache({ 'shared-key': 'too short' })]);
    expect(result.conclusion).toBe('failure');
    expect(warnings(result)).toEqual([expect.stringContaining('expected at least 16 characters')]);
  });
});

describe('shared level without shared-key', () => {
  it('warns about a truncated pack, and replaces it in the save of the same step', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    await job([cache({ shared }), build]);
    const path = join(shared, packsIn(shared)[0] ?? '');
    truncateSync(path, statSync(path).size >> 1);

    const found = await job([cache({ shared }), build]);
    expect(warnings(found)).toEqual([
      expect.stringMatching(
        /^The pack .*\/k-1\..*pack in .* is not used, .*: unexpected end.*\. Remove it, or save the same key/,
      ),
    ]);
    expect(found.post).toMatch(/saved `k-1` to .* and the shared level/);
    const next = await job([cache({ shared }), show]);
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'shared' });
    expect(warnings(next)).toEqual([]);
  });
});
