import { lstatSync } from 'node:fs';

/** Something that this user may not read or remove, and why, for people. */
export interface Inaccessible {
  path: string;
  /** Of blocks, as `du` counts them. */
  bytes: number;
  reason: string;
}

/** Why something can be neither read nor removed. */
export function reasonFor(path: string | Buffer, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return isPermissionError(code) ? describeOwner(path) : message;
}

export function isPermissionError(code: string | undefined): boolean {
  return code === 'EACCES' || code === 'EPERM';
}

/** Whose a path is, in words. */
export function describeOwner(path: string | Buffer): string {
  try {
    const { uid } = lstatSync(path);
    if (uid === process.geteuid?.()) return 'this user may not';
    return uid === 0 ? 'it belongs to root' : `it belongs to user ${uid}`;
  } catch {
    return 'it belongs to another user';
  }
}
