import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Entry, findEntry, restoreEntry, saveEntry } from '../src/index.ts';
import { bytes, make, space, tree0 } from './fixture.ts';

describe('a restore', () => {
  it('replaces what is in the target, and leaves nothing beside it', () => {
    const { tree, store, target, folder } = make();
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'stale'), '');
    saveEntry(store, space(), 'k', [tree0(tree)]);
    restoreEntry(store, findEntry(store, [space()], 'k', []) as Entry, [bytes(target)]);
    expect(readdirSync(target)).toEqual(['sub']);
    expect(readdirSync(join(folder, 'restored'))).toEqual(['tree']);
  });

  it.each([
    ['a missing tree', (entry: string) => rmSync(join(entry, 'tree-0'), { recursive: true })],
    ['a short file', (entry: string) => truncateSync(join(entry, 'tree-0/sub/file'), 1)],
    ['a missing file', (entry: string) => rmSync(join(entry, 'tree-0/sub/file'))],
  ])('puts an entry with %s into quarantine and leaves the target as it was', (_what, damage) => {
    const { tree, store, target } = make();
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'mine'), '');
    saveEntry(store, space(), 'k', [tree0(tree)]);
    const entry = findEntry(store, [space()], 'k', []) as Entry;
    damage(entry.folder);
    expect(restoreEntry(store, entry, [bytes(target)])).toBe('broken');
    expect(readdirSync(target)).toEqual(['mine']);
    expect(findEntry(store, [space()], 'k', [])).toBeUndefined();
    expect(saveEntry(store, space(), 'k', [tree0(tree)])).toBe('saved');
  });

  it('restores all trees or none, and brings back what was there', () => {
    const { folder, tree, store } = make();
    const second = join(folder, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'file'), 'x');
    saveEntry(store, space(), 'k', [tree0(tree), tree0(second, 1)]);
    const [one, other] = [join(folder, 'one'), join(folder, 'proc')];
    mkdirSync(one);
    writeFileSync(join(one, 'mine'), '');
    writeFileSync(other, 'not a folder');
    const entry = findEntry(store, [space()], 'k', []) as Entry;
    expect(entry.metadata.trees.map(({ place }) => place.path)).toEqual([0, 1]);
    expect(() => restoreEntry(store, entry, [bytes(one), bytes(join(other, 'x'))])).toThrow();
    expect(readdirSync(one)).toEqual(['mine']);
    rmSync(join(entry.folder, 'tree-1/file'));
    expect(restoreEntry(store, entry, [bytes(one), bytes(join(folder, 'two'))])).toBe('broken');
    expect(readdirSync(one)).toEqual(['mine']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.runner-actions'))).toEqual([]);
  });

  it('finds a tree whose sizes only add up, and stamps the use of a whole one', () => {
    const { tree, store, target } = make();
    writeFileSync(join(tree, 'a'), '12');
    writeFileSync(join(tree, 'b'), '1234');
    saveEntry(store, space(), 'k', [tree0(tree)]);
    const entry = findEntry(store, [space()], 'k', []) as Entry;
    expect(restoreEntry(store, entry, [bytes(target)])).toBe('restored');
    expect(readdirSync(entry.folder)).toContain('used');
    writeFileSync(join(entry.folder, 'tree-0/a'), '123');
    writeFileSync(join(entry.folder, 'tree-0/b'), '123');
    expect(restoreEntry(store, entry, [bytes(target)])).toBe('broken');
  });
});
