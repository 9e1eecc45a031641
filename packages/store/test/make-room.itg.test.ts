import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookAtStore, makeRoom, pathFromText, planRoom, restoreEntry } from '../src/index.ts';
import { listEvictables } from '../src/evictables.ts';
import { get, leaseOf, make, options, save } from './fixture.ts';

const hour = 3_600_000;
const never = () => false;
/** New entries count as used recently, so the tests evict as of a day later. */
const later = Date.now() + 24 * hour;

/** A store with entries k0 (least recently used) to k3. */
function filled() {
  const made = make();
  for (const index of [0, 1, 2, 3]) {
    save(made.store, `k${index}`, made.tree);
    use(get(made.store, `k${index}`).folder, Date.now() + index * hour);
  }
  const names = () =>
    listEvictables(made.store)
      .map(({ key }) => key)
      .sort();
  return { ...made, names, size: listEvictables(made.store)[0]?.bytes ?? 0 };
}

function use(folder: string, at: number): void {
  writeFileSync(join(folder, 'used'), '');
  utimesSync(join(folder, 'used'), at / 1000, at / 1000);
}

describe('making room', () => {
  it('evicts the least recently used entries that the disk needs, by bytes and by inodes', () => {
    const { store, names, size } = filled();
    const keys = (lack: { bytes: number; inodes: number }) =>
      planRoom(store, lack, later).map(({ key }) => key);
    expect(keys({ bytes: 0, inodes: 0 })).toEqual([]);
    expect(keys({ bytes: 1, inodes: 0 })).toEqual(['k0']);
    expect(keys({ bytes: size, inodes: 3 })).toEqual(['k0', 'k1', 'k2']);
    const plan = planRoom(store, { bytes: size + 1, inodes: 0 }, later);
    expect(makeRoom(store, plan, later, never)).toMatchObject({ bytes: 2 * size, evicted: { length: 2 } });
    expect(names()).toEqual(['k2', 'k3']);
  });

  it('stops as soon as the disk has enough', () => {
    const { store, names } = filled();
    const plan = planRoom(store, { bytes: Infinity, inodes: 0 }, later);
    let asked = 0;
    const result = makeRoom(store, plan, later, () => (asked += 1) > 1);
    expect(result).toMatchObject({ evicted: [{ key: 'k0' }] });
    expect(names()).toEqual(['k1', 'k2', 'k3']);
  });

  it('leaves what was used, replaced or taken by a job since the plan', () => {
    const { store, tree, target, names } = filled();
    const plan = planRoom(store, { bytes: Infinity, inodes: 0 }, later);
    expect(plan).toHaveLength(4);
    use(get(store, 'k0').folder, Date.now() + 10 * hour);
    restoreEntry(store, get(store, 'k1'), [pathFromText(target)], options({ mode: 'copy' }));
    const other = [pathFromText(join(target, '../other'))];
    const lease = leaseOf(restoreEntry(store, get(store, 'k2'), other, options()));
    expect(lease.folder).toContain('leases');
    makeRoom(store, plan, later, never);
    expect(names()).toEqual(['k0', 'k1', 'k2']);
    expect(save(store, 'k3', tree)).toBe('saved');
    makeRoom(store, plan, later, never);
    expect(names()).toEqual(['k0', 'k1', 'k2', 'k3']);
  });

  it('evicts nothing that was used in the last ten minutes', () => {
    const { store } = filled();
    expect(planRoom(store, { bytes: Infinity, inodes: 0 }, Date.now())).toEqual([]);
  });
});

describe('looking at a store', () => {
  it('refuses a folder without the marker, and changes nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'none-'));
    mkdirSync(join(folder, 'v3/old'), { recursive: true });
    expect(() => lookAtStore(folder)).toThrow('it has no runner-actions-store.json');
    expect(() => lookAtStore(join(folder, 'gone'))).toThrow('There is no store');
    expect(readdirSync(folder)).toEqual(['v3']);
  });

  it('creates nothing in a store either', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bare-'));
    writeFileSync(join(folder, 'runner-actions-store.json'), '{"runner-actions":"store","version":1}\n');
    expect(lookAtStore(folder)).toMatchObject({ root: folder, readOnly: false });
    expect(planRoom(lookAtStore(folder), { bytes: 1, inodes: 1 }, later)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['runner-actions-store.json']);
  });
});
