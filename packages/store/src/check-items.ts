import { posix } from 'node:path';
import type { Item } from './item.ts';
import { baseOf, below, parentOf, toText } from './byte-paths.ts';

/** An archive that a cache service gave, and that is not to be trusted: it says why. Nothing of it is visible then. */
export class UnsafeArchive extends Error {
  override readonly name = 'UnsafeArchive';
}

export interface Limits {
  /** Bytes of all files together. */
  maxBytes: number;
  maxItems?: number;
}

const defaultMaxItems = 1_000_000;
/** Source: PATH_MAX of Linux. */
const longestPath = 4096;
/** Bytes of all paths together: they are kept in memory while an archive is checked. A million files of real projects have half of it. */
const maxPathBytes = 1 << 27;

/** What an archive may still have, of all its trees together. */
interface Budget extends Required<Limits> {
  pathBytes: number;
  /** What it may have in all, for messages. */
  limits: Required<Limits>;
}

export function openBudget({ maxBytes, maxItems = defaultMaxItems }: Limits): Budget {
  const limits = { maxBytes, maxItems };
  return { ...limits, pathBytes: maxPathBytes, limits };
}

/** Where links of a tree may lead. */
export interface LinkRule {
  /** Where the tree will be, in full, a character for each byte. */
  root: string;
  /** Whether a link may lead to this place (in full, without `.` and `..`). */
  mayLeadTo: (place: string) => boolean;
}

/**
 * Checks the items of an archive one by one as they come. Each must lie in a folder of the same tree that came before it: so
 * nothing leaves the tree by its name, and nothing is written through a link.
 * @param rule `undefined`: links may lead anywhere
 * @param seen takes the kind of each, by its path
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
 * As `checkItems`, for an inventory: each item comes after all that came before, in the order in which a tree is looked at. So nothing
 * comes twice, and no path is both a folder and a link. To note each path would take longer.
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

/** What is in a folder comes before what has a longer name. @param same how many characters they are known to begin with alike */
function isAfter(path: string, last: string, same: number): boolean {
  let at = same;
  while (at < last.length && path.charCodeAt(at) === last.charCodeAt(at)) at += 1;
  if (at === last.length || at >= path.length) return path.length > last.length;
  return path[at] !== '/' && (last[at] === '/' || path.charCodeAt(at) > last.charCodeAt(at));
}

/** @returns the folder that the item is in */
function checkPlaces(budget: Budget, rule: LinkRule | undefined): (item: Item) => string {
  const folders = new Set<string>();
  let isFirst = true;
  // Most items lie in the same folder as the one before.
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
    // In a folder these bits only say what files in it get.
    if (item.kind === 'file' && (item.mode & ~0o777) !== 0)
      throw new UnsafeArchive(`${nameOf(item)} is setuid, setgid or sticky`);
    if (item.kind === 'directory') folders.add(item.path);
    if (item.kind === 'link') checkLink(item, rule);
    return parent;
  };
}

/** @throws UnsafeArchive where an item is more than the archive may still have */
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
    throw new UnsafeArchive(`unpacked it has more than ${limits.maxBytes} bytes`);
}

/** For messages. */
function nameOf({ path }: Item): string {
  return JSON.stringify(toText(path));
}

function checkName(item: Item, isFirst: boolean): void {
  const { path, kind } = item;
  if (kind !== 'file' && kind !== 'directory' && kind !== 'link')
    throw new UnsafeArchive(`${nameOf(item)} is neither a file nor a folder nor a link`);
  if (path === '') {
    if (!isFirst) throw new UnsafeArchive('it has two roots');
    // What lies below it would be somewhere else.
    if (kind === 'link') throw new UnsafeArchive('its root is a link');
    return;
  }
  const last = baseOf(path);
  if (last === '' || last === '.' || last === '..' || path.includes('\0'))
    throw new UnsafeArchive(`${nameOf(item)} is no name of a file`);
  if (process.platform === 'win32' && /[\\:]/.test(last))
    throw new UnsafeArchive(`${nameOf(item)} is no name of a file on Windows`);
}

function checkLink(item: Item, rule: LinkRule | undefined): void {
  const { path, link = '' } = item;
  // `a/..` is not where it seems to be when `a` is a link, so `..` may only stand at the beginning.
  const parts = link.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const isPlain = climbs === -1 || !parts.slice(climbs).includes('..');
  const mayLead = ({ root, mayLeadTo }: LinkRule): boolean => {
    const full = posix.isAbsolute(link) ? link : `${parentOf(below(root, path))}/${link}`;
    return isPlain && mayLeadTo(posix.normalize(full).replace(/(?<=.)\/$/, ''));
  };
  if (link !== '' && !link.includes('\0') && (rule === undefined || mayLead(rule))) return;
  throw new UnsafeArchive(
    `${nameOf(item)} is a link to ${JSON.stringify(toText(link))}, which no link of a cache may lead to`,
  );
}
