import { execFile } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText, restoreEntry } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { listEvictables } from '../src/evictables.ts';
import { statisticsOf } from '../src/statistics.ts';
import { find, found, get, leaseOf, make, options, save, space } from './fixture.ts';

const hour = 3_600_000;
const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };

/** A store with entries k0 (oldest) to k3, each used a different number of hours ago. */
function filled() {
  const made = make();
  for (const index of [0, 1, 2, 3]) save(made.store, `k${index}`, made.tree);
  const use = (key: string, hours: number) => {
    const path = join(get(made.store, key).folder, 'used');
    const at = new Date(Date.now() + hours * hour);
    writeFileSync(path, '');
    utimesSync(path, at, at);
  };
  const names = () =>
    listEvictables(made.store)
      .map(({ key }) => key)
      .sort();
  return { ...made, use, names };
}

describe('collect', () => {
  // New entries count as used recently, so the tests evict as of a day later.
  const later = { freeBytes: 1e12, now: Date.now() + 24 * hour };

  it('evicts the least recently used entries until the store fits, and leaves no leftovers', () => {
    const { store, use, names } = filled();
    use('k1', 1);
    const size = listEvictables(store)[0]?.bytes ?? 0;
    expect(collect(store, { ...none, maxBytes: 2 * size }, later)).toMatchObject({ bytes: 2 * size });
    expect(names()).toHaveLength(2);
    expect(names()).toContain('k1');
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });

  it('keeps an entry that was restored recently', () => {
    const { store, target, use, names } = filled();
    restoreEntry(store, get(store, 'k0'), [pathFromText(target)], options({ mode: 'copy' }));
    use('k0', 20);
    collect(store, { ...none, maxAge: 10 * hour }, later);
    expect(names()).toEqual(['k0']);
  });

  it('reports what it would evict with dryRun, and evicts nothing', () => {
    const { store, names } = filled();
    const dry = collect(store, { ...none, maxBytes: 0 }, { ...later, dryRun: true });
    expect(dry).toMatchObject({
      evicted: [{ why: 'size' }, { why: 'size' }, { why: 'size' }, { why: 'size' }],
    });
    expect(names()).toHaveLength(4);
  });

  it('evicts only entries of a repository that exceeds its quota', () => {
    const { store, tree, names } = filled();
    save(store, 'other', tree, { repository: 'octo/other' }, space({ repositoryId: '2' }));
    const size = listEvictables(store)[0]?.bytes ?? 0;
    collect(store, { ...none, maxRepositoryBytes: size }, later);
    expect(names()).toHaveLength(2);
    expect(names()).toContain('other');
  });

  it('evicts spare copies before their entry', () => {
    const { store, target, use, names } = filled();
    const result = restoreEntry(store, get(store, 'k0'), [pathFromText(target)], options());
    checkIn(store, leaseOf(result), { keep: true, most: 4 });
    expect(names()).toEqual(['k0', 'k0', 'k1', 'k2', 'k3']);
    use('k0', 1);
    const size = listEvictables(store)[0]?.bytes ?? 0;
    const gone = collect(store, { ...none, maxBytes: size }, later);
    expect(gone).toMatchObject({ evicted: { length: 4 } });
    expect(statisticsOf(store)).toMatchObject({ entries: 1, copies: 0, bytes: size });
    expect(found(find(store, 'k0'))).toBe('k0');
  });

  it('keeps an entry that was saved recently, even if the bounds are exceeded', () => {
    const { store, names } = filled();
    const bounds = { maxBytes: 0, maxAge: 0, minFreeBytes: 1e15 };
    expect(collect(store, bounds, { freeBytes: 0, now: Date.now() })).toMatchObject({ evicted: [] });
    expect(names()).toHaveLength(4);
  });

  it('removes everything except the folders of the store, which can be used again', () => {
    const { store, tree, names } = filled();
    expect(collect(store, { ...none, maxBytes: 0 }, later)).toMatchObject({ evicted: { length: 4 } });
    expect(names()).toEqual([]);
    expect(readdirSync(join(store.root, 'v3'))).toEqual([]);
    expect(save(store, 'k0', tree)).toBe('saved');
    expect(found(find(store, 'k'))).toBe('k0');
  });

  it('evicts each entry once when four processes evict at once', async () => {
    const { store } = filled();
    const module = join(import.meta.dirname, '../src/evict.ts');
    const script = `const { collect } = await import(${JSON.stringify(module)});
      const done = collect(${JSON.stringify(store)}, { maxBytes: 0 }, ${JSON.stringify(later)});
      console.log(done === 'busy' ? '0' : String(done.evicted.length));`;
    const run = promisify(execFile);
    const elsewhere = () => run(process.execPath, ['--input-type=module', '--eval', script]);
    const results = await Promise.all([1, 2, 3, 4].map(elsewhere));
    expect(results.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(4);
    expect(listEvictables(store)).toEqual([]);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
    expect(readdirSync(join(store.root, 'locks'))).toEqual([]);
  });

  it('adds a key that is missing in the index because its save was killed', () => {
    const { store } = filled();
    writeFileSync(join(get(store, 'k0').folder, '../keys'), '');
    expect(find(store, 'k')).toBeUndefined();
    expect(collect(store, none, later)).toMatchObject({ evicted: [] });
    expect(found(find(store, 'k'))).toMatch(/^k\d$/);
  });

  it('compacts the index of keys', () => {
    const { store, tree, names } = filled();
    for (let index = 0; index < 60; index += 1) save(store, `old-${index}`, tree);
    for (const key of ['k0', 'k1', 'k2', 'k3']) writeFileSync(join(get(store, key).folder, 'used'), '');
    const kept = listEvictables(store);
    const chosen = () =>
      kept.filter(({ key }) => key?.startsWith('old-')).map((one) => ({ ...one, why: 'asked' as const }));
    collect(store, none, { ...later, chosen });
    expect(names()).toEqual(['k0', 'k1', 'k2', 'k3']);
    expect(found(find(store, 'k'))).toMatch(/^k\d$/);
    expect(found(find(store, 'old'))).toBeUndefined();
  });
});
