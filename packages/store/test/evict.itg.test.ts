import { execFile } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Entry, evict, findEntry, listKept, restoreEntry, saveEntry } from '../src/index.ts';
import { bytes, make, space, tree0 } from './fixture.ts';

const hour = 3_600_000;
const bounds = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };

/** A store with entries k0 (oldest) to k3, all used so many hours ago. */
function filled() {
  const made = make();
  for (const index of [0, 1, 2, 3]) saveEntry(made.store, space(), `k${index}`, [tree0(made.tree)]);
  const at = (hours: number) => new Date(Date.now() - hours * hour);
  const age = (key: string, hours: number) => {
    const { folder } = findEntry(made.store, [space()], key, []) as Entry;
    writeFileSync(join(folder, 'used'), '');
    for (const path of [join(folder, 'used'), folder]) utimesSync(path, at(hours), at(hours));
  };
  return {
    ...made,
    age,
    names: () =>
      listKept(made.store)
        .map(({ key }) => key)
        .sort(),
  };
}

describe('evict', () => {
  // What is saved was used a moment ago: the tests look from a day later.
  const later = { freeBytes: 1e12, now: Date.now() + 24 * hour };

  it('takes the least recently used until the store fits, and leaves no debris', () => {
    const { store, age, names } = filled();
    age('k1', 1);
    const [one] = listKept(store);
    const { entries, bytes: freed } = evict(store, { ...bounds, maxBytes: 2 * (one?.bytes ?? 0) }, later);
    expect([entries, freed]).toEqual([2, 2 * (one?.bytes ?? 0)]);
    expect(names()).toHaveLength(2);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });

  it('takes a use for what it is: a restored entry stays', () => {
    const { store, target, names } = filled();
    const entry = findEntry(store, [space()], 'k0', []) as Entry;
    const soon = new Date(Date.now() + 20 * hour);
    expect(restoreEntry(store, entry, [bytes(target)])).toBe('restored');
    utimesSync(join(entry.folder, 'used'), soon, soon);
    evict(store, { ...bounds, maxAge: 10 * hour }, later);
    expect(names()).toEqual(['k0']);
  });

  it('takes nothing that was saved a moment ago, however small the bounds', () => {
    const { store, names } = filled();
    expect(
      evict(store, { maxBytes: 0, maxAge: 0, minFreeBytes: 1e15 }, { freeBytes: 0, now: Date.now() }).entries,
    ).toBe(0);
    expect(names()).toHaveLength(4);
  });

  it('empties a store, which can be used again', () => {
    const { store, tree, names } = filled();
    expect(evict(store, { ...bounds, maxBytes: 0 }, later).entries).toBe(4);
    expect(names()).toEqual([]);
    expect(readdirSync(join(store.root, 'v1'))).toEqual([]);
    expect(saveEntry(store, space(), 'k0', [tree0(tree)])).toBe('saved');
  });

  it('four processes at once take each entry once', async () => {
    const { store } = filled();
    const module = join(import.meta.dirname, '../src/index.ts');
    const script = `const { evict } = await import(${JSON.stringify(module)});
      console.log(evict(${JSON.stringify(store)}, { maxBytes: 0 }, ${JSON.stringify(later)}).entries);`;
    const run = promisify(execFile);
    const evictElsewhere = () => run(process.execPath, ['--input-type=module', '--eval', script]);
    const results = await Promise.all([1, 2, 3, 4].map(evictElsewhere));
    expect(results.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(4);
    expect(listKept(store)).toEqual([]);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });
});
