import { digest, spacePath, type Space } from '@runner-actions/store';

/** The maximum length of an encoded key; longer ones are cut. File systems allow 255 bytes for a name. */
const maxNameLength = 150;

/**
 * Returns the name of an entry at the shared level: its space, the key as far as it fits, and a digest of the whole
 * key. So entries can be listed by prefix, keys that differ only in case do not collide, and a key never becomes part
 * of a path.
 */
export function objectName(space: Space, key: string): string {
  return `${spacePath(space)}/${encodeKey(key)}.${digest([key])}.pack`;
}

/** Returns the prefix of the names of all entries whose keys start with `prefix`. Other entries may have it too. */
export function objectPrefix(space: Space, prefix: string): string {
  return `${spacePath(space)}/${encodeKey(prefix)}`;
}

/** Returns the key in an object name. `undefined` if it was cut: then only the object itself contains it. */
export function keyOfName(name: string): string | undefined {
  const [, encoded = ''] = /\/([^/.]*)\.[\da-f]{64}\.pack$/.exec(name) ?? [];
  if (encoded.length > maxNameLength - 3) return undefined;
  const bytes = encoded.replaceAll(/_([\da-f]{2})|([^_])/g, (_all, hex?: string, letter?: string) =>
    hex === undefined ? (letter ?? '').charCodeAt(0).toString(16).padStart(2, '0') : hex,
  );
  return Buffer.from(bytes, 'hex').toString();
}

/** Keeps letters, digits and `-`, and escapes all other bytes. Cuts only between escapes. */
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

/** A store of objects: a bucket, or a folder on a network file system. */
export interface ObjectStore {
  title: string;
  /** Lists the objects whose names start with `prefix`, in any order. */
  list(prefix: string): Promise<Listed[]>;
  has(name: string): Promise<boolean>;
  /** Fetches an object into a new file. @throws Error if it is larger than `most` bytes and `cut` is not set */
  get(name: string, file: string, most: number, cut?: boolean): Promise<void>;
  /** Stores a file. An existing object with the name stays, unless `replace` is set. */
  put(file: string, name: string, replace?: boolean): Promise<'saved' | 'exists'>;
}
