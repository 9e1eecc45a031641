import { randomUUID } from 'node:crypto';
import { linkSync, lutimesSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDead, isOrphan, isOrphanOf, type Owner, ownerName } from '@runner-actions/host';
import { discard } from './discard.ts';
import { digest } from './space.ts';
import { draftPrefix } from './probe.ts';
import { removeEmptyFolder, readRecord, removeRecord, writeRecord } from './records.ts';

/** Who holds a lock, and for what. */
export interface LockHolder {
  owner: Owner;
  /** The job. Two steps of one job do not lock each other out. */
  job: string;
  /** What the lock is held for, for messages. */
  purpose: string;
}

/** Milliseconds without a touch after which a lock is stale if its process cannot be checked. No job may run longer. */
const staleAfter = 5 * 24 * 3_600_000;
/** Milliseconds. Creating a lock takes a moment, so an older draft is an orphan. */
const draftTime = 3_600_000;

/**
 * Takes the lock file `path` unless a living holder has it. The file appears atomically with its content. A lock of a
 * dead holder is taken over, with one attempt. Node has no `flock`, and `flock` is not reliable on network file
 * systems.
 * @param after milliseconds without a touch after which a lock is stale if its holder cannot be checked
 * @returns `taken`, or the holder
 * @throws StoreUnusable if a folder is in its place; Error from the file system
 */
export function takeLock(path: string, mine: LockHolder, after: number = staleAfter): 'taken' | LockHolder {
  return take(path, mine, after, maxTurns);
}

/**
 * How deep takeovers may nest: a lock, the turn to take it over, and the turn to take over that turn, if a process died
 * in each. Anybody who writes the store could create more turns, and each would be tried.
 */
const maxTurns = 2;
/** How many times to retry if the lock is released meanwhile. */
const maxTries = 20;

function take(path: string, mine: LockHolder, after: number, turns: number): 'taken' | LockHolder {
  // The name holds the owner, even if the process is killed before it writes the file.
  const draft = join(dirname(path), `${draftPrefix}${ownerName(mine.owner)}_${randomUUID()}`);
  try {
    writeRecord(draft, JSON.stringify(mine));
    for (let attempt = 0; attempt < maxTries; attempt += 1) {
      if (link(draft, path)) return 'taken';
      const seen = readLock(path);
      if (seen === undefined) continue;
      if (seen.job === mine.job) return 'taken';
      if (turns === 0 || !isOrphanOf(path, seen.owner, after, Date.now())) return seen;
      return takeOver(path, draft, { seen, mine, after, turns }) ? 'taken' : (readLock(path) ?? seen);
    }
    return unknown;
  } finally {
    removeRecord(draft);
  }
}

/** Returns another holder that is alive or cannot be checked yet; `undefined` if nobody else has the lock. */
export function holderOfLock(
  path: string,
  mine: LockHolder,
  after: number = staleAfter,
): LockHolder | undefined {
  const other = readLock(path);
  if (other === undefined || other.job === mine.job) return undefined;
  return isOrphanOf(path, other.owner, after, Date.now()) ? undefined : other;
}

/** Releases a lock. The lock of another job stays. */
export function releaseLock(path: string, mine: Pick<LockHolder, 'job'>): void {
  const holder = readLock(path);
  if (holder?.job === mine.job) removeRecord(path);
}

/** Returns the holder of a lock; `undefined` if it is free. */
export function readLock(path: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readRecord(path, maxLockBytes)) as LockHolder;
    if (isHolder(holder)) return holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  return unknown;
}

/**
 * The holder of a lock that cannot be read. It belongs to another user, is no lock of the store, or was damaged by a
 * power loss: locks appear whole.
 */
const unknown: LockHolder = {
  owner: { pid: 0, startTime: undefined, boot: undefined, namespace: undefined, host: '' },
  job: '',
  purpose: 'unknown: the lock cannot be read',
};

/** Bytes. */
const maxLockBytes = 1 << 14;

function isHolder({ owner, job, purpose }: LockHolder): boolean {
  const { pid, startTime, boot, namespace, host } = owner;
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return (
    [job, purpose, host].every((value) => typeof value === 'string') &&
    [boot, namespace].every(isText) &&
    Number.isSafeInteger(pid) &&
    (startTime === undefined || Number.isFinite(startTime))
  );
}

/** Removes the locks of dead holders in a folder, and the drafts that they left. */
export function sweepLocks(folder: string, mine: LockHolder): void {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    if (basename(path).startsWith(draftPrefix)) {
      if (isOrphan(path, draftTime, Date.now())) discard(Buffer.from(path));
      continue;
    }
    const other = readLock(path);
    if (other === undefined || isDead(other.owner) !== true) continue;
    if (takeLock(path, mine) === 'taken') releaseLock(path, mine);
  }
}

/** Shows that the holder is alive, for processes that cannot see it. */
export function touchLock(path: string): void {
  try {
    lutimesSync(path, new Date(), new Date());
  } catch {
    // The lock is gone: another process took it over.
  }
}

/**
 * Replaces a stale lock with the draft. Only one process at a time may do that: it holds a turn, which is a lock too
 * and can be taken over if its holder dies. The turn is for the lock with this content, so that no process removes a
 * lock that another one took meanwhile.
 */
function takeOver(
  path: string,
  draft: string,
  { seen, mine, after, turns }: { seen: LockHolder; mine: LockHolder; after: number; turns: number },
): boolean {
  const turn = `${path}.${digest([JSON.stringify(seen)]).slice(0, 16)}`;
  const taker = { ...mine, job: randomUUID() };
  if (take(turn, taker, after, turns - 1) !== 'taken') return false;
  try {
    if (JSON.stringify(readLock(path)) !== JSON.stringify(seen)) return false;
    removeEmptyFolder(path);
    renameSync(draft, path);
    return true;
  } finally {
    releaseLock(turn, taker);
  }
}

function link(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
