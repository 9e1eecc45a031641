/**
 * Names of files are bytes, and need not be UTF-8. Inside of the store a path is a text with one character for each byte
 * (latin1), so that it can be compared, sorted and written as JSON; it becomes bytes where the file system is asked.
 */
export function toBytes(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The same for calls on very many paths: where the text is the same as its bytes, it is faster as it is. */
export function toPath(path: string): string | Buffer {
  return Buffer.byteLength(path) === path.length ? path : toBytes(path);
}

export function fromBytes(path: Buffer): string {
  return path.toString('latin1');
}

/** A path as people write it (UTF-8) in the store's own form; Windows takes `/` as well. */
export function fromText(path: string): string {
  return fromBytes(Buffer.from(process.platform === 'win32' ? path.replaceAll('\\', '/') : path));
}

/** A path in the store's own form as people read it. */
export function toText(path: string): string {
  return toBytes(path).toString();
}

/** `folder/name`; an empty one of the two adds nothing. */
export function below(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder that holds a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Of a path's last part. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
