import { mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entriesOf, isRealFolder, treeAge } from '../../src/items/tree-age.ts';
import { deadline } from './runner-world.ts';

/** Creates a folder with a subfolder that has three files. */
function makeTree(): string {
  const top = mkdtempSync(join(tmpdir(), 'tree-'));
  mkdirSync(join(top, 'sub'));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(top, 'sub', name), '');
  return top;
}

it('finds the newest change in a tree, and does not follow links', () => {
  const top = makeTree();
  symlinkSync('/', join(top, 'link'));
  const late = Date.now() + 1e9;
  utimesSync(join(top, 'sub/b'), late / 1000, late / 1000);
  const { newest, unseen } = treeAge(top, 100, deadline());
  expect(unseen).toBeUndefined();
  expect(newest).toBeCloseTo(late, -1);
});

it('says if it has not seen everything', () => {
  const top = makeTree();
  for (const most of [0, 1, 2, 3, 4]) expect(treeAge(top, most, deadline()).unseen).toBe('too many entries');
  expect(treeAge(top, 5, deadline()).unseen).toBeUndefined();
  expect(treeAge(top, 5, { ...deadline(), remaining: () => 0 }).unseen).toBe('the time is over');
});

it('lists at most a number of entries, and none of a folder that is not there', () => {
  const top = makeTree();
  expect(entriesOf(join(top, 'sub'), 2)).toHaveLength(2);
  expect(entriesOf(join(top, 'none'), 2)).toEqual([]);
  expect(isRealFolder(top, 'sub')).toBe(true);
  expect(isRealFolder(top, 'sub', 'a')).toBe(false);
});
