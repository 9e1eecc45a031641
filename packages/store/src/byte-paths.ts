/**
 * Encodes a path as bytes. File names are bytes and need not be UTF-8. Inside the store, a path is a string with one
 * character per byte (latin1), so that it can be compared, sorted and written as JSON. It is converted to bytes for
 * calls to the file system.
 */
export function pathToBytes(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** Like `pathToBytes`, but faster for very many paths: a path that is plain ASCII is returned as it is. */
export function toPath(path: string): string | Buffer {
  return Buffer.byteLength(path) === path.length ? path : pathToBytes(path);
}

export function fromBytes(path: Buffer): string {
  return path.toString('latin1');
}

/** Converts a path that users write (UTF-8) to the store's form. On Windows, `/` and `\` are both accepted. */
export function pathFromText(path: string): string {
  return fromBytes(Buffer.from(process.platform === 'win32' ? path.replaceAll('\\', '/') : path));
}

/** Converts a path in the store's form to text for messages. */
export function pathToText(path: string): string {
  return pathToBytes(path).toString();
}

/** Joins `folder/name`. An empty folder or name adds nothing. */
export function below(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' ? name : `${folder}/${name}`;
}

/** Returns the parent folder of a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Returns the last part of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
