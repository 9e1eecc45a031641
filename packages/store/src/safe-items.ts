import { posix } from 'node:path';
import type { Item } from './inventory.ts';
import { baseOf, parentOf, toText } from './names.ts';

/** An archive that a cache service gave, and that is not to be trusted: it says why. Nothing of it is visible then. */
export class UnsafeArchive extends Error {
  override readonly name = 'UnsafeArchive';
}

export interface Limits {
  /** Bytes of all files together. */
  maxBytes: number;
  maxItems: number;
}

export const defaultMaxItems = 1_000_000;

/** Where systems keep programs: a link there (a virtual environment's `python`) is no way out for a writer. */
const systemFolders = ['/usr/', '/bin/', '/lib/', '/lib64/', '/opt/', '/nix/store/', '/System/', '/Library/'];

/**
 * Checks the items of an archive one by one as they come. Each must lie in a folder of the same tree that came before it: so
 * nothing leaves the tree by its name, and nothing is written through a link.
 * @param roomAbove how far a link may climb above the tree's root, in folders: to the workspace or home that it lies in
 */
export function checkItems(limits: Limits, roomAbove: number): (item: Item) => void {
  const folders = new Set<string>();
  const paths = new Set<string>();
  let bytes = 0;
  return (item) => {
    const name = JSON.stringify(toText(item.path));
    if (paths.has(item.path)) throw new UnsafeArchive(`${name} comes twice`);
    paths.add(item.path);
    if (paths.size > limits.maxItems)
      throw new UnsafeArchive(`it has more than ${limits.maxItems} files and folders`);
    bytes += item.size;
    if (!(item.size >= 0) || bytes > limits.maxBytes)
      throw new UnsafeArchive(`unpacked it has more than ${limits.maxBytes} bytes`);
    checkName(item, name, paths.size === 1, folders);
    if (item.kind !== 'link' && (item.mode & ~0o777) !== 0)
      throw new UnsafeArchive(`${name} is setuid, setgid or sticky`);
    if (item.kind === 'directory') folders.add(item.path);
    if (item.kind === 'link') checkLink(item, name, roomAbove);
  };
}

function checkName({ path, kind }: Item, name: string, isFirst: boolean, folders: Set<string>): void {
  if (!['file', 'directory', 'link'].includes(kind))
    throw new UnsafeArchive(`${name} is neither a file nor a folder nor a link`);
  if (path === '') {
    if (!isFirst) throw new UnsafeArchive('it has two roots');
    // What lies below it would be somewhere else.
    if (kind === 'link') throw new UnsafeArchive('its root is a link');
    return;
  }
  const last = baseOf(path);
  if (last === '' || last === '.' || last === '..' || path.includes('\0'))
    throw new UnsafeArchive(`${name} is no name of a file`);
  if (process.platform === 'win32' && /[\\:]/.test(last))
    throw new UnsafeArchive(`${name} is no name of a file on Windows`);
  if (!folders.has(parentOf(path)))
    throw new UnsafeArchive(`${name} is not in a folder of the archive: it would be written elsewhere`);
}

function checkLink({ path, link = '' }: Item, name: string, roomAbove: number): void {
  if (posix.isAbsolute(link)) {
    const where = posix.normalize(link);
    if (systemFolders.some((folder) => `${where}/`.startsWith(folder))) return;
    throw new UnsafeArchive(
      `${name} is a link to ${JSON.stringify(toText(link))}, outside of the cache's folders`,
    );
  }
  // `a/..` is not where it seems to be when `a` is a link, so `..` may only stand at the beginning.
  const parts = link.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const up = climbs === -1 ? parts.length : climbs;
  const depth = path === '' ? 0 : path.split('/').length - 1;
  if (parts.slice(up).includes('..') || up > roomAbove + depth)
    throw new UnsafeArchive(
      `${name} is a link to ${JSON.stringify(toText(link))}, outside of the cache's folders`,
    );
}
