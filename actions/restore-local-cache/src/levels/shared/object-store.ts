import { digest, folderOf, type Space } from '@runner-actions/store';

/** Longer than this, a name of a file is cut: file systems take 255 bytes. */
const maxNameLength = 150;

/**
 * The name of an entry at the shared level: its space, then the key as far as it fits, then a digest of all of the key. So the
 * names that begin with a prefix can be listed, keys that differ in case alone do not meet, and nothing foreign is a path.
 */
export function objectName(space: Space, key: string): string {
  return `${folderOf(space)}/${encodeKey(key)}.${digest([key])}.pack`;
}

/** What the names of all entries begin with whose keys begin with `prefix`; names with it need not be such entries. */
export function objectPrefix(space: Space, prefix: string): string {
  return `${folderOf(space)}/${encodeKey(prefix)}`;
}

/** The key that a name was made of; `undefined` where it was cut, so that only the object itself knows. */
export function keyOfName(name: string): string | undefined {
  const [, encoded = ''] = /\/([^/.]*)\.[\da-f]{64}\.pack$/.exec(name) ?? [];
  if (encoded.length > maxNameLength - 3) return undefined;
  const bytes = encoded.replaceAll(/_([\da-f]{2})|([^_])/g, (_all, hex?: string, letter?: string) =>
    hex === undefined ? (letter ?? '').charCodeAt(0).toString(16).padStart(2, '0') : hex,
  );
  return Buffer.from(bytes, 'hex').toString();
}

/** Letters, digits and `-` as they are, all else by its bytes; cut between two of them. */
function encodeKey(key: string): string {
  const parts = [...Buffer.from(key)].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9-]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, '0')}`;
  });
  let length = 0;
  const fitting = parts.filter((part) => (length += part.length) <= maxNameLength);
  return fitting.join('');
}

/** An object that a listing found. */
export interface Listed {
  name: string;
  /** Milliseconds since the epoch. */
  modified: number;
}

/** Where objects are kept: a bucket, or a folder on a network file system. */
export interface ObjectStore {
  title: string;
  /** Objects whose names begin so, in any order. */
  list(prefix: string): Promise<Listed[]>;
  has(name: string): Promise<boolean>;
  /** Fetches an object into a new file. @throws Error where it has more than `most` bytes, and is not to be `cut` there */
  get(name: string, file: string, most: number, cut?: boolean): Promise<void>;
  /** Stores a file. One of the name that is there already stays, unless it is to be replaced. */
  put(file: string, name: string, replace?: boolean): Promise<'saved' | 'exists'>;
}
