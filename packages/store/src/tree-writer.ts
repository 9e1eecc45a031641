import { createHash } from 'node:crypto';
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
import { treePath } from './entry.ts';
import type { Item } from './item.ts';
import { below, toBytes, toPath, toText } from './byte-paths.ts';
import type { Tick } from './progress.ts';
import { checkItems, type Limits, type LinkRule, openBudget, spend, UnsafeArchive } from './check-items.ts';
import { settable } from './times.ts';

/** Of an entry from elsewhere: more than the first line of a pack that `writePack` wrote has room for. */
export const maxTrees = 20_000;

/** Takes the content of a file that was just made. */
interface FileWriter {
  write(part: Uint8Array): void;
  /** The file gets its mode and time. @throws Error where its content has not the digest of the item */
  end(): void;
}

/** Makes a tree of what comes from elsewhere, item by item. */
export interface TreeWriter {
  /** @returns what takes the content of a file @throws UnsafeArchive, before anything is made */
  make(item: Item): FileWriter | undefined;
  /** Makes a file that is another name of one that was made, of this tree or another. @throws UnsafeArchive */
  makeName(item: Item, tree: TreeWriter, path: string): void;
  /** For what was made already, and comes again: it costs its time to read. @throws UnsafeArchive */
  passOver(item: Item): void;
  /** What was made at a path of the tree. */
  kindOf(path: string): Item['kind'] | undefined;
  pathOf(path: string): Buffer;
}

/** Opens the next tree. @param rule where its links may lead */
type NextTree = (rule: LinkRule | undefined) => TreeWriter;

/**
 * Writes the trees of an entry into `folder`, as `act` gives their items. These come from elsewhere: each is checked before it is
 * made, so that nothing is written outside of its tree or through a link. Folders get their modes and times when all is there.
 * @throws UnsafeArchive; what `act` throws; Error from the file system
 */
export async function writeTrees<T>(
  folder: string,
  { limits, tick }: { limits: Limits; tick?: Tick | undefined },
  act: (next: NextTree) => Promise<T>,
): Promise<T> {
  const budget = openBudget(limits);
  const trees: { root: string; folders: Item[] }[] = [];
  const open = new Set<() => void>();
  const next: NextTree = (rule) => {
    if (trees.length === maxTrees) throw new UnsafeArchive(`it has more than ${maxTrees} trees`);
    const root = treePath(folder, trees.length);
    const folders: Item[] = [];
    trees.push({ root, folders });
    const made = new Map<string, Item['kind']>();
    const check = checkItems(budget, rule, made);
    const pathOf = (path: string): Buffer => toBytes(below(root, path));
    return {
      pathOf,
      kindOf: (path) => made.get(path),
      passOver: (item) => spend(budget, item),
      makeName(item, tree, path) {
        check(item);
        linkSync(tree.pathOf(path), pathOf(item.path));
      },
      make(item) {
        check(item);
        if (item.kind === 'file') return openFile(pathOf(item.path), item, open, tick);
        if (item.kind === 'link') makeLink(pathOf(item.path), item);
        else mkdirSync(pathOf(item.path), { mode: 0o700 });
        if (item.kind === 'directory') folders.push(item);
        tick?.(1, 0);
        return undefined;
      },
    };
  };
  try {
    const result = await act(next);
    for (const { root, folders } of trees) finishDirectories(root, folders);
    return result;
  } finally {
    for (const close of open) close();
  }
}

/** @param open takes what closes the file before its time */
function openFile(path: Buffer, item: Item, open: Set<() => void>, tick: Tick | undefined): FileWriter {
  const hash = item.sha256 === undefined ? undefined : createHash('sha256');
  let file = openSync(path, 'wx', 0o600);
  const close = (): void => {
    open.delete(close);
    if (file !== -1) closeSync(file);
    // Its number may be another file's by now.
    file = -1;
  };
  open.add(close);
  return {
    write(part) {
      hash?.update(part);
      for (let at = 0; at < part.length;) at += writeSync(file, part, at);
    },
    end() {
      const time = settable(item.modified);
      fchmodSync(file, item.mode | 0o400);
      futimesSync(file, time, time);
      close();
      tick?.(1, item.size);
      if (hash !== undefined && hash.digest('hex') !== item.sha256)
        throw new Error(`The archive is damaged: ${toText(item.path)} has other content than was saved`);
    },
  };
}

export function makeLink(path: string | Buffer, { link = '', modified }: Item): void {
  const time = settable(modified);
  symlinkSync(toBytes(link), path);
  lutimesSync(path, time, time);
}

/** Gives a file or a folder the mode and the time of its item. */
export function finishItem(path: string | Buffer, { mode, modified }: Item, hasMode = false): void {
  const time = settable(modified);
  if (!hasMode) chmodSync(path, mode);
  utimesSync(path, time, time);
}

/**
 * Folders get their modes and times when all is in them: a read-only one could not be filled.
 * @param hasMode tells which have their mode already
 */
export function finishDirectories(
  root: string,
  items: readonly Item[],
  hasMode: (item: Item) => boolean = () => false,
): void {
  for (const item of items.toReversed())
    if (item.kind === 'directory') finishItem(toPath(below(root, item.path)), item, hasMode(item));
}
