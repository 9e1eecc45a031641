import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheSentence, type CacheUse, parseCacheReport } from '../../src/cache/cache-use.ts';
import { readCacheUse } from '../../src/cache/cache-use-io.ts';

const report = (source: string, bytes: number): string =>
  JSON.stringify({ version: 1, found: { source, bytes, files: 3 }, milliseconds: 250 });

function temp(reports: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'temp-'));
  mkdirSync(join(folder, 'runner-actions'));
  for (const [name, text] of Object.entries(reports))
    writeFileSync(join(folder, 'runner-actions', name), text);
  return folder;
}

it('adds up hits, misses and bytes of the job by level', () => {
  const folder = temp({
    'restore-local-cache-1.json': report('local', 3 * 2 ** 20),
    'restore-local-cache-2.json': report('local', 2 ** 20),
    'restore-local-cache-3.json': report('github', 10),
    'restore-local-cache-4.json': report('none', 0),
    'cleanup-5.json': report('local', 7),
  });
  const use = readCacheUse(folder);
  expect(use).toEqual({
    ...{ lookups: 4, hits: { local: 2, shared: 0, github: 1 }, misses: 1, seconds: 1 },
    restoredBytes: { local: 4 * 2 ** 20, shared: 0, github: 10 },
    networkSavedBytes: 4 * 2 ** 20,
  });
  expect(cacheSentence(use as CacheUse)).toBe(
    "Caches: of 4 lookups, 2 on this machine (4.0 MiB), 1 in GitHub's cache (10 B), 1 not found. 4.0 MiB did not cross the network.",
  );
});

it('tells nothing of a job without caches, and skips only what is no report', () => {
  expect(readCacheUse(temp({}))).toBeUndefined();
  expect(readCacheUse('/no/such/folder')).toBeUndefined();
  const folder = temp({
    'restore-local-cache-1.json': '{"found":',
    'restore-local-cache-2.json': report('none', 0),
  });
  symlinkSync('/etc/passwd', join(folder, 'runner-actions', 'restore-local-cache-3.json'));
  expect(readCacheUse(folder)?.lookups).toBe(1);
});

it.each([
  'null',
  '[]',
  '{}',
  '{"found":{"source":"moon","bytes":1},"milliseconds":1}',
  '{"found":{"source":"local","bytes":-1},"milliseconds":1}',
])('does not take %s for a report', (text) => expect(parseCacheReport(text)).toBeUndefined());
