export type Kind = 'file' | 'directory' | 'link';

/** One file, folder or symlink of a tree. */
export interface Item {
  /** Path below the tree's root, one character per byte. Empty: the root itself. */
  path: string;
  kind: Kind;
  /**
   * Permission bits. A folder may have setgid and similar bits. A file never has these: a program would run as its
   * owner.
   */
  mode: number;
  /** Bytes of a file; 0 for others. */
  size: number;
  /** Milliseconds since the epoch with a fraction, never later than the exact time. */
  modified: number;
  inode: number;
  /** When the inode last changed. Only root, or a change of the clock, can forge it. */
  changed: number;
  /** Target of a symlink, one character per byte. */
  link?: string;
  /** SHA-256 of a file's content, in hexadecimal digits. */
  sha256?: string;
  /** Number of hard links of a file, if there are several. Not written to the inventory. */
  names?: number;
}

/** All items of a tree. Each folder comes before its contents; the order is the same on every disk. */
export type Inventory = Item[];
