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
import { below, pathToBytes, toPath, pathToText } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';
import { checkItems, type Limits, type LinkRule, openBudget, spend, UnsafeArchive } from './check-items.ts';
import { settable } from './times.ts';

/**
 * Maximum number of trees of an entry from elsewhere. The first line of a pack that `writePack` wrote has no room for
 * more.
 */
export const maxTrees = 20_000;

/** Receives the content of a file that was just created. */
interface FileWriter {
  write(part: Uint8Array): void;
  /**
   * Sets the mode and time of the file.
   * @throws Error if its content does not match the item's digest
   */
  end(): void;
}

/** Creates a tree from items that come from elsewhere. */
export interface TreeWriter {
  /**
   * @returns a writer for the content of a file
   * @throws UnsafeArchive, before anything is created
   */
  make(item: Item): FileWriter | undefined;
  /**
   * Creates a hard link to a file of this tree or another one.
   * @throws UnsafeArchive
   */
  makeName(item: Item, tree: TreeWriter, path: string): void;
  /**
   * Counts an item that was created already and comes again: reading it takes time too.
   * @throws UnsafeArchive
   */
  passOver(item: Item): void;
  /** Returns the kind of the created item at a path. */
  kindOf(path: string): Item['kind'] | undefined;
  pathOf(path: string): Buffer;
}

/**
 * Opens the next tree.
 * @param rule where its symlinks may lead
 */
type NextTree = (rule: LinkRule | undefined) => TreeWriter;

/**
 * Writes the trees of an entry from elsewhere to `folder`. `act` passes the items. Each is checked before it is
 * created, so that nothing is written outside of its tree or through a symlink. Folders get their modes and times at
 * the end.
 * @throws UnsafeArchive; what `act` throws; Error from the file system
 */
export async function writeTrees<T>(
  folder: string,
  { limits, tick }: { limits: Limits; tick?: OnProgress | undefined },
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
    const pathOf = (path: string): Buffer => pathToBytes(below(root, path));
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

/** @param open receives a function that closes the file early */
function openFile(path: Buffer, item: Item, open: Set<() => void>, tick: OnProgress | undefined): FileWriter {
  const hash = item.sha256 === undefined ? undefined : createHash('sha256');
  let file = openSync(path, 'wx', 0o600);
  const close = (): void => {
    open.delete(close);
    if (file !== -1) closeSync(file);
    // Another file may have this number by now.
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
        throw new Error(`The archive is damaged: ${pathToText(item.path)} has other content than was saved`);
    },
  };
}

export function makeLink(path: string | Buffer, { link = '', modified }: Item): void {
  const time = settable(modified);
  symlinkSync(pathToBytes(link), path);
  lutimesSync(path, time, time);
}

/** Sets the mode and time of a file or folder. */
export function finishItem(path: string | Buffer, { mode, modified }: Item, hasMode = false): void {
  const time = settable(modified);
  if (!hasMode) chmodSync(path, mode);
  utimesSync(path, time, time);
}

/**
 * Sets the modes and times of folders after all items are created: a read-only folder could not be filled.
 * @param hasMode returns whether a folder has its mode already
 */
export function finishDirectories(
  root: string,
  items: readonly Item[],
  hasMode: (item: Item) => boolean = () => false,
): void {
  for (const item of items.toReversed())
    if (item.kind === 'directory') finishItem(toPath(below(root, item.path)), item, hasMode(item));
}
