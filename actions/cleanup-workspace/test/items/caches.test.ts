import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cachesItem } from '../../src/items/caches-io.ts';
import { saveEntryOf } from './made-store.ts';
import { day, deadline } from './runner-world.ts';

/** A disk with such levels is always low, or never. */
const [low, fine] = [
  { high: 0, low: 0 },
  { high: 1, low: 1 },
];
const ground = { protect: [] as string[], enough: () => Promise.resolve(false), now: Date.now() };

/** Creates a store with an entry for each age in days. */
function makeStore(...ages: number[]) {
  const root = join(mkdtempSync(join(tmpdir(), 'caches-')), 'store');
  const folders = ages.map((age) => saveEntryOf(root, age));
  const item = (change: Partial<typeof ground> = {}, levels = low) =>
    cachesItem(root, { ...ground, ...change }, levels);
  return { root, folders, item };
}

const keysOf = (steps: readonly { why: string }[]): string[] =>
  steps.map(({ why }) => why.split(',')[0] ?? '');

describe('caches', () => {
  it('go, least recently used first, except those that were used in the last minutes', async () => {
    const made = makeStore(2, 9, 0);
    const item = made.item();
    const steps = await item.plan(deadline());
    expect(keysOf(steps)).toEqual(["'old-9' of 'octo/secret'", "'old-2' of 'octo/secret'"]);
    expect(await item.measure(steps, deadline())).toMatchObject([
      { what: steps[0]?.what, files: 1, bytes: 5 },
      { files: 1, bytes: 5 },
    ]);
    expect(await item.execute(steps, deadline())).toMatchObject({
      removed: 2,
      freedBytes: 10,
      finished: true,
    });
    expect(steps.map(({ what }) => existsSync(what))).toEqual([false, false]);
    expect(keysOf(await made.item({ now: Date.now() + day }).plan(deadline()))).toEqual([
      "'old-0' of 'octo/secret'",
    ]);
    expect(item.notes(undefined)).toEqual([]);
  });

  it('stay once the disk has enough space, or there is no time', async () => {
    const made = makeStore(2, 9);
    expect(await made.item({ enough: () => Promise.resolve(true) }).plan(deadline())).toEqual([]);
    const steps = await made.item().plan(deadline());
    expect(await made.item({}, fine).execute(steps, deadline())).toMatchObject({
      removed: 0,
      finished: true,
    });
    const over = { ...deadline(), remaining: () => 0 };
    expect(await made.item().execute(steps, over)).toMatchObject({ removed: 0, finished: false });
    expect(steps.every(({ what }) => existsSync(what))).toBe(true);
  });

  it('stay, and the reason is told, in a folder without the mark of a store', async () => {
    const made = makeStore(2);
    const steps = await made.item().plan(deadline());
    rmSync(join(made.root, 'runner-actions-store.json'));
    const item = made.item();
    expect(await item.plan(deadline())).toEqual([]);
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 0 });
    expect(item.notes(undefined)[0]).toBe(
      `Nothing is removed for 'caches': ${made.root} is not a store: it has no runner-actions-store.json.`,
    );
    expect(existsSync(steps[0]?.what ?? '')).toBe(true);
  });

  it("stay if the machine's policy protects the store or something in it", async () => {
    const made = makeStore(2);
    for (const path of [made.root, join(made.root, '..'), join(made.root, 'v3')]) {
      const item = made.item({ protect: [path] });
      expect(await item.plan(deadline())).toEqual([]);
      expect(item.notes(undefined)[0]).toContain("the machine's policy protects");
    }
  });

  it('are none without a store', async () => {
    const item = cachesItem('/nowhere/store', ground, low);
    expect(await item.plan(deadline())).toEqual([]);
    expect(item.notes(undefined)).toEqual([]);
  });

  it('stay while another process evicts', async () => {
    const made = makeStore(2);
    const item = made.item();
    const steps = await item.plan(deadline());
    writeFileSync(join(made.root, 'locks/collect'), 'locked');
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 0, finished: true });
    expect(item.notes(undefined)[0]).toContain('another process evicts');
  });
});
