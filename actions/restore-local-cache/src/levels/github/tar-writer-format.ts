import { posix, relative, sep } from 'node:path';
import { type Item, type PackFormat, type Place, toBytes } from '@runner-actions/store';
import { Header, type HeaderData } from 'tar/header';
import { Pax } from 'tar/pax';

const block = 512;

/**
 * A tar archive as `actions/cache` makes it: members are named from the workspace (`../../../.npm/…`), and times have fractions.
 * @param pathOf where a tree of the entry is on this machine
 * @throws Error for a name that is not UTF-8, which such an archive cannot say
 */
export function tarFormat(workspace: string, pathOf: (place: Place) => string): PackFormat {
  const roots = new Map<Place, string>();
  const rootOf = (place: Place): string => {
    const known = roots.get(place) ?? relative(workspace, pathOf(place)).replaceAll(sep, '/');
    roots.set(place, known);
    return known;
  };
  return {
    item: (item, place) => headerOf(item, posix.join(rootOf(place), asUtf8(item.path))),
    after: ({ size }) => Buffer.alloc((block - (size % block)) % block),
    end: () => Buffer.alloc(2 * block),
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
  const bytes = Buffer.alloc(block);
  new Header(data).encode(bytes);
  return Buffer.concat([new Pax(data).encode(), bytes]);
}

function asUtf8(path: string): string {
  const bytes = toBytes(path);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) throw new Error(`"${text}" is not UTF-8, which tar cannot keep here`);
  return text;
}
