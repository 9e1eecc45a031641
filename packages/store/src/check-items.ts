import { posix } from 'node:path';
import type { Item } from './item.ts';
import { baseOf, below, parentOf, pathToText } from './byte-paths.ts';

/** An archive from a cache service is unsafe; the message says why. Nothing of it is restored. */
export class UnsafeArchive extends Error {
  override readonly name = 'UnsafeArchive';
}

export interface Limits {
  /** Total bytes of all files. */
  maxBytes: number;
  maxItems?: number;
}

const defaultMaxItems = 1_000_000;
/** Source: PATH_MAX of Linux. */
const longestPath = 4096;
/**
 * Total bytes of all paths, which are kept in memory while an archive is checked. A million files of real projects have
 * half of that.
 */
const maxPathBytes = 1 << 27;

/** What the archive may still contain, for all its trees together. */
interface Budget extends Required<Limits> {
  pathBytes: number;
  /** The initial limits, for messages. */
  limits: Required<Limits>;
}

export function openBudget({ maxBytes, maxItems = defaultMaxItems }: Limits): Budget {
  const limits = { maxBytes, maxItems };
  return { ...limits, pathBytes: maxPathBytes, limits };
}

/** Where the symlinks of a tree may lead. */
export interface LinkRule {
  /** Full path of the tree after the restore, one character per byte. */
  root: string;
  /** Returns whether a symlink may lead to this full path, which contains no `.` or `..`. */
  mayLeadTo: (place: string) => boolean;
}

/**
 * Returns a function that checks the items of an archive one by one. The parent folder of each item must come before it
 * in the same tree. So no name leads out of the tree, and nothing is written through a symlink.
 * @param rule `undefined`: symlinks may lead anywhere
 * @param seen receives the kind of each item by its path
 */
export function checkItems(
  budget: Budget,
  rule: LinkRule | undefined,
  seen: Map<string, Item['kind']>,
): (item: Item) => void {
  const check = checkPlaces(budget, rule);
  return (item) => {
    if (seen.has(item.path)) throw new UnsafeArchive(`${nameOf(item)} comes twice`);
    check(item);
    seen.set(item.path, item.kind);
  };
}

/**
 * Like `checkItems`, for an inventory: items must come in the order of `takeInventory`. So no path comes twice, and
 * none is both a folder and a symlink. This is faster than remembering each path.
 */
export function checkInOrder(budget: Budget, rule: LinkRule | undefined): (item: Item) => void {
  const check = checkPlaces(budget, rule);
  let last = '';
  let parent: string | undefined;
  return (item) => {
    const before = parent;
    parent = check(item);
    const { path } = item;
    if (path !== '' && !isAfter(path, last, parent === before ? parent.length : 0))
      throw new UnsafeArchive(`${nameOf(item)} comes twice, or out of its order`);
    last = path;
  };
}

/**
 * Returns whether `path` comes after `last`. The contents of a folder come before names that continue the folder's
 * name.
 * @param same number of characters that are known to be equal at the start of both
 */
function isAfter(path: string, last: string, same: number): boolean {
  let at = same;
  while (at < last.length && path.charCodeAt(at) === last.charCodeAt(at)) at += 1;
  if (at === last.length || at >= path.length) return path.length > last.length;
  return path[at] !== '/' && (last[at] === '/' || path.charCodeAt(at) > last.charCodeAt(at));
}

/** Returns a check of one item, which returns the item's parent folder. */
function checkPlaces(budget: Budget, rule: LinkRule | undefined): (item: Item) => string {
  const folders = new Set<string>();
  let isFirst = true;
  // Most items are in the same folder as the one before.
  let last: string | undefined;
  return (item) => {
    spend(budget, item);
    checkName(item, isFirst);
    isFirst = false;
    const parent = parentOf(item.path);
    if (item.path !== '' && parent !== last && !folders.has(parent))
      throw new UnsafeArchive(
        `${nameOf(item)} is not in a folder of the archive: it would be written elsewhere`,
      );
    last = item.path === '' ? undefined : parent;
    // These bits are harmless on a folder: they only affect the files in it.
    if (item.kind === 'file' && (item.mode & ~0o777) !== 0)
      throw new UnsafeArchive(`${nameOf(item)} is setuid, setgid or sticky`);
    if (item.kind === 'directory') folders.add(item.path);
    if (item.kind === 'link') checkLink(item, rule);
    return parent;
  };
}

/**
 * Subtracts an item from the budget.
 * @throws UnsafeArchive if the item exceeds it
 */
export function spend(budget: Budget, { path, link = '', size }: Item): void {
  const { limits } = budget;
  if (path.length > longestPath || link.length > longestPath)
    throw new UnsafeArchive(`it has a path of more than ${longestPath} bytes`);
  budget.maxItems -= 1;
  if (budget.maxItems < 0) throw new UnsafeArchive(`it has more than ${limits.maxItems} files and folders`);
  budget.pathBytes -= path.length + link.length;
  if (budget.pathBytes < 0)
    throw new UnsafeArchive(`its paths have more than ${maxPathBytes} bytes together`);
  budget.maxBytes -= size;
  if (!(size >= 0) || budget.maxBytes < 0)
    throw new UnsafeArchive(`it has more than ${limits.maxBytes} bytes when unpacked`);
}

/** For messages. */
function nameOf({ path }: Item): string {
  return JSON.stringify(pathToText(path));
}

function checkName(item: Item, isFirst: boolean): void {
  const { path, kind } = item;
  if (kind !== 'file' && kind !== 'directory' && kind !== 'link')
    throw new UnsafeArchive(`${nameOf(item)} is neither a file nor a folder nor a link`);
  if (path === '') {
    if (!isFirst) throw new UnsafeArchive('it has two roots');
    // Items below it would be written elsewhere.
    if (kind === 'link') throw new UnsafeArchive('its root is a link');
    return;
  }
  const last = baseOf(path);
  if (last === '' || last === '.' || last === '..' || path.includes('\0'))
    throw new UnsafeArchive(`${nameOf(item)} is not a valid file name`);
  if (process.platform === 'win32' && /[\\:]/.test(last))
    throw new UnsafeArchive(`${nameOf(item)} is not a valid file name on Windows`);
}

function checkLink(item: Item, rule: LinkRule | undefined): void {
  const { path, link = '' } = item;
  // If `a` is a symlink, `a/..` is not where it seems to be. So `..` is only allowed at the start.
  const parts = link.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const isPlain = climbs === -1 || !parts.slice(climbs).includes('..');
  const mayLead = ({ root, mayLeadTo }: LinkRule): boolean => {
    const full = posix.isAbsolute(link) ? link : `${parentOf(below(root, path))}/${link}`;
    return isPlain && mayLeadTo(posix.normalize(full).replace(/(?<=.)\/$/, ''));
  };
  if (link !== '' && !link.includes('\0') && (rule === undefined || mayLead(rule))) return;
  throw new UnsafeArchive(
    `${nameOf(item)} is a link to ${JSON.stringify(pathToText(link))}, where links of a cache may not lead`,
  );
}
