export type Kind = 'file' | 'directory' | 'link';

/** One file, folder or link of a tree. */
export interface Item {
  /** Below the tree's root, a character for each byte; empty: the root itself. */
  path: string;
  kind: Kind;
  /** Permission bits; of a folder, setgid and the like included. A file never has these: whoever runs it would become its owner. */
  mode: number;
  /** Bytes of a file; 0 for others. */
  size: number;
  /** Milliseconds since the epoch, with their fraction; not later than the time itself. */
  modified: number;
  inode: number;
  /** When the inode changed last: only root or the clock can forge it. */
  changed: number;
  /** Where a link leads; a character for each byte. */
  link?: string;
  /** Of a file's content, in hexadecimal digits. */
  sha256?: string;
  /** Of a file that has further names (hard links): how many. Seen, not written. */
  names?: number;
}

/** All of a tree, each folder before what is in it, in one order on every disk. */
export type Inventory = Item[];
