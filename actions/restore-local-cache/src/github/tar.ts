import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  below,
  type Budget,
  checkItems,
  fromText,
  type Item,
  type Limits,
  openBudget,
  type Place,
  settable,
  spend,
  type Tick,
  toBytes,
  treeIn,
  UnsafeArchive,
} from '@runner-actions/store';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { linkRule } from '../links.ts';
import { placeOfFile, type Surroundings } from '../targets.ts';

export interface TarPlan {
  /** The input's paths: what none of them names is refused. */
  paths: readonly string[];
  around: Surroundings;
  limits: Limits;
  tick?: Tick | undefined;
}

interface BoundedPlan extends TarPlan {
  /** Of all trees together. */
  budget: Budget;
}

interface Tree {
  place: Place;
  root: string;
  target: string;
  check: (item: Item) => void;
  directories: Item[];
  /** What was made, by path. Hard links lead to files of these only, and never through a link. */
  made: Map<string, Item['kind']>;
}

/**
 * Unpacks an archive of `actions/cache`, whose members are named from the workspace (`../../../.npm/…`), into `folder`, a tree for
 * each folder that the paths name. Every member is checked before it is made, and nothing is written outside of `folder`. Where
 * paths overlap, `tar` lists files and folders again: these are passed over.
 * @throws UnsafeArchive; Error for what is damaged or cut off
 */
export async function readTar(stream: Readable, folder: string, plan: TarPlan): Promise<Place[]> {
  const trees = new Map<string, Tree>();
  const bounded: BoundedPlan = { ...plan, budget: openBudget(plan.limits) };
  let fault: unknown;
  let members = 0;
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      try {
        members += 1;
        if (fault === undefined) return make(entry, folder, trees, bounded, (error) => (fault ??= error));
      } catch (error) {
        fault ??= error;
      }
      entry.resume();
    },
  });
  await pipeline(stream, async function (source: AsyncIterable<Buffer>) {
    for await (const part of source) {
      parser.write(part);
      if (fault !== undefined) throw fault as Error;
    }
    await new Promise<void>((ended, failed) => {
      parser.on('end', ended);
      parser.on('error', failed);
      parser.end();
    });
  });
  if (fault !== undefined) throw fault as Error;
  if (members === 0) throw new Error('The archive is empty or cut off');
  for (const { root, directories } of trees.values()) finish(root, directories);
  return [...trees.values()].map(({ place }) => place);
}

function finish(root: string, directories: readonly Item[]): void {
  for (const { path, mode, modified } of directories.toReversed()) {
    chmodSync(toBytes(below(root, path)), mode);
    utimesSync(toBytes(below(root, path)), settable(modified), settable(modified));
  }
}

function make(
  entry: ReadEntry,
  folder: string,
  trees: Map<string, Tree>,
  plan: BoundedPlan,
  fail: (error: unknown) => void,
): void {
  const full = resolve(plan.around.roots.workspace, entry.path);
  const tree = treeOf(full, folder, trees, plan);
  const item = itemOf(entry, fromText(relative(tree.target, full)));
  if (item.kind !== 'link' && tree.made.get(item.path) === item.kind) {
    spend(plan.budget, item);
    return void entry.resume();
  }
  const path = toBytes(below(tree.root, item.path));
  const time = settable(item.modified);
  if (entry.type === 'Link') {
    const other = resolve(plan.around.roots.workspace, entry.linkpath ?? '');
    const source = [...trees.values()].find(
      ({ target, made }) => made.get(fromText(relative(target, other))) === 'file',
    );
    if (source === undefined)
      throw new UnsafeArchive(`"${entry.path}" is a hard link to what is no file of the archive`);
    tree.check(item);
    tree.made.set(item.path, 'file');
    linkSync(toBytes(below(source.root, fromText(relative(source.target, other)))), path);
    return void entry.resume();
  }
  tree.check(item);
  tree.made.set(item.path, item.kind);
  plan.tick?.(1, item.size);
  if (item.kind === 'directory') {
    mkdirSync(path, { mode: 0o700 });
    tree.directories.push(item);
    return void entry.resume();
  }
  if (item.kind === 'link') {
    symlinkSync(toBytes(item.link ?? ''), path);
    lutimesSync(path, time, time);
    return void entry.resume();
  }
  writeFile(entry, path, item, fail);
}

function writeFile(entry: ReadEntry, path: Buffer, item: Item, fail: (error: unknown) => void): void {
  const file = openSync(path, 'wx', 0o600);
  entry.on('data', (part: Buffer) => {
    try {
      for (let at = 0; at < part.length;) at += writeSync(file, part, at);
    } catch (error) {
      fail(error);
    }
  });
  entry.on('end', () => {
    fchmodSync(file, item.mode | 0o400);
    futimesSync(file, settable(item.modified), settable(item.modified));
    closeSync(file);
  });
}

function treeOf(full: string, folder: string, trees: Map<string, Tree>, plan: BoundedPlan): Tree {
  const named = placeOfFile(full, plan.paths, plan.around);
  if (named === undefined) throw new UnsafeArchive(`"${full}" lies outside of the paths`);
  const known = trees.get(named.path);
  if (known !== undefined) return known;
  const tree: Tree = {
    place: named.place,
    root: treeIn(folder, trees.size),
    target: named.path,
    check: checkItems(plan.budget, linkRule(named.path, plan.paths, plan.around.roots)),
    directories: [],
    made: new Map(),
  };
  trees.set(named.path, tree);
  return tree;
}

function itemOf(entry: ReadEntry, path: string): Item {
  const kinds: Record<string, Item['kind']> = {
    File: 'file',
    OldFile: 'file',
    ContiguousFile: 'file',
    Link: 'file',
    Directory: 'directory',
    SymbolicLink: 'link',
  };
  const kind = kinds[entry.type];
  if (kind === undefined) throw new UnsafeArchive(`"${entry.path}" is a ${entry.type}`);
  if (entry.path.includes('\uFFFD'))
    throw new UnsafeArchive(`"${entry.path}" is not UTF-8, which tar cannot keep here`);
  const item: Item = {
    path,
    kind,
    mode: entry.mode ?? 0o644,
    size: kind === 'file' && entry.type !== 'Link' ? entry.size : 0,
    modified: entry.mtime?.getTime() ?? 0,
    inode: 0,
    changed: 0,
  };
  if (kind === 'link') item.link = fromText(entry.linkpath ?? '');
  return item;
}
