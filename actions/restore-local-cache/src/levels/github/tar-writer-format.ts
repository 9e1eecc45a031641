import { posix, relative, sep } from 'node:path';
import { type Item, type PackFormat, type TreePlace, pathToBytes } from '@runner-actions/store';
import { Header, type HeaderData } from 'tar/header';
import { Pax } from 'tar/pax';

const blockBytes = 512;

/**
 * Returns the tar format of `actions/cache`: member names are relative to the workspace (`../../../.npm/…`), and times
 * have fractions.
 * @param pathOf the path of a tree of the entry on this machine
 * @throws Error for a name that is not UTF-8, which the format does not support
 */
export function tarFormat(workspace: string, pathOf: (place: TreePlace) => string): PackFormat {
  const roots = new Map<TreePlace, string>();
  const rootOf = (place: TreePlace): string => {
    const known = roots.get(place) ?? relative(workspace, pathOf(place)).replaceAll(sep, '/');
    roots.set(place, known);
    return known;
  };
  return {
    item: (item, place) => headerOf(item, posix.join(rootOf(place), asUtf8(item.path))),
    after: ({ size }) => Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes),
    end: () => Buffer.alloc(2 * blockBytes),
  };
}

const types = { file: 'File', directory: 'Directory', link: 'SymbolicLink' } as const;

function headerOf(item: Item, path: string): Buffer {
  const { kind, mode, size, modified, link } = item;
  const data: HeaderData = {
    path: kind === 'directory' ? `${path}/` : path,
    type: types[kind],
    mode,
    size: kind === 'file' ? size : 0,
    mtime: new Date(modified),
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  };
  if (link !== undefined) data.linkpath = asUtf8(link);
  const bytes = Buffer.alloc(blockBytes);
  new Header(data).encode(bytes);
  return Buffer.concat([new Pax(data).encode(), bytes]);
}

function asUtf8(path: string): string {
  const bytes = pathToBytes(path);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes))
    throw new Error(`"${text}" is not UTF-8, which this tar format needs`);
  return text;
}
