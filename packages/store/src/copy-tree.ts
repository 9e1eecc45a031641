import { createHash, type Hash } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';

/** What a tree holds; a copy must hold the same. */
export interface Contents {
  files: number;
  directories: number;
  links: number;
  bytes: number;
  /** Of every name with its kind and size, so that sizes that only add up do not pass for the same. */
  shape: string;
}

type Counts = Omit<Contents, 'shape'>;

const slash = Buffer.from('/');

/**
 * Copies a file, a link or a tree to a place that does not exist yet. Modes and times are kept, links are copied as links,
 * names are bytes. Files are cloned where the file system can. Synchronous calls: they are several times faster here than
 * promises, and nothing else goes on meanwhile.
 * @throws Error from the file system; Error for sockets, pipes and devices, which no cache can hold
 */
export function copyTree(from: Buffer, to: Buffer): Contents {
  const contents: Counts = { files: 0, directories: 0, links: 0, bytes: 0 };
  const shape = createHash('sha256');
  copyEntry(from, to, contents, shape);
  return { ...contents, shape: shape.digest('hex') };
}

function copyEntry(from: Buffer, to: Buffer, contents: Counts, shape: Hash): void {
  const { mode, size, accessed, modified, ...entry } = statOf(from);
  shape.update(entry.isFile ? `file ${size}\0` : entry.isLink ? 'link\0' : 'directory\0');
  if (entry.isLink) {
    symlinkSync(readlinkSync(from, { encoding: 'buffer' }), to);
    lutimesSync(to, accessed, modified);
    contents.links += 1;
  } else if (entry.isFile) {
    copyFileSync(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    utimesSync(to, accessed, modified);
    contents.files += 1;
    contents.bytes += size;
  } else if (entry.isDirectory) {
    mkdirSync(to, { mode: 0o700 });
    for (const child of listNames(from)) {
      shape.update(child).update('\0');
      copyEntry(join(from, child), join(to, child), contents, shape);
    }
    shape.update('end\0');
    chmodSync(to, mode & 0o7777);
    utimesSync(to, accessed, modified);
    contents.directories += 1;
  } else {
    throw new Error(`${from.toString()} is a socket, a pipe or a device, which a cache cannot hold`);
  }
}

function statOf(path: Buffer) {
  const entry = lstatSync(path);
  // As numbers, in seconds: a Date would round to milliseconds, and builds compare times.
  const times = { accessed: entry.atimeMs / 1000, modified: entry.mtimeMs / 1000 };
  return {
    mode: entry.mode,
    size: entry.size,
    ...times,
    isLink: entry.isSymbolicLink(),
    isFile: entry.isFile(),
    isDirectory: entry.isDirectory(),
  };
}

/** In one order on every disk, for `shape`. */
function listNames(folder: Buffer): Buffer[] {
  return readdirSync(folder, { encoding: 'buffer' }).sort((one, other) => Buffer.compare(one, other));
}

function join(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, slash, name]);
}

export function sameContents(one: Contents, other: Contents): boolean {
  return one.shape === other.shape && one.files === other.files && one.bytes === other.bytes;
}
