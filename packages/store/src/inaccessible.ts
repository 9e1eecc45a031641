import { lstatSync } from 'node:fs';

/** A path that this user cannot read or remove, and why, for messages. */
export interface Inaccessible {
  path: string;
  /** Bytes of blocks, like `du`. */
  bytes: number;
  reason: string;
}

/** Returns why a path can be neither read nor removed. */
export function reasonFor(path: string | Buffer, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return isPermissionError(code) ? describeOwner(path) : message;
}

export function isPermissionError(code: string | undefined): boolean {
  return code === 'EACCES' || code === 'EPERM';
}

/** Describes the owner of a path in words. */
export function describeOwner(path: string | Buffer): string {
  try {
    const { uid } = lstatSync(path);
    if (uid === process.geteuid?.()) return 'this user may not';
    return uid === 0 ? 'it belongs to root' : `it belongs to user ${uid}`;
  } catch {
    return 'it belongs to another user';
  }
}
