import { randomUUID } from 'node:crypto';
import { linkSync, lutimesSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDead, isDebris, isLeftOver, type Owner, ownerName } from '@runner-actions/host';
import { discard } from './discard.ts';
import { digest } from './space.ts';
import { draftPrefix } from './probe.ts';
import { removeEmptyFolder, readRecord, removeRecord, writeRecord } from './records.ts';

/** Who holds a lock, and for what. */
export interface Holder {
  owner: Owner;
  /** The job: two steps of one job do not lock each other out. */
  job: string;
  /** For people: what it is held for. */
  purpose: string;
}

/** Without a process that can be judged, a lock that nobody touches is left over after so long: no job may run longer. */
const staleAfter = 5 * 24 * 3_600_000;
/** To make a lock is a matter of a moment. */
const draftTime = 3_600_000;

/**
 * Takes the lock that the file `path` is, unless a living holder has it. The file appears with its content by one call; one that
 * a dead holder left is taken over, in one try. Node has no `flock`, and network file systems none that can be relied on.
 * @param after milliseconds without a touch, after which a lock whose holder cannot be judged is left over
 * @returns `taken`, or who has it
 * @throws StoreUnusable for a folder in its place; Error from the file system
 */
export function takeLock(path: string, mine: Holder, after: number = staleAfter): 'taken' | Holder {
  return take(path, mine, after, maxTurns);
}

/**
 * A lock, the turn to take it over, and the turn for that turn, of which one died in each: what is taken over goes no further. Whoever
 * may write the store could leave more of them, each of which would be tried.
 */
const maxTurns = 2;
/** How often a lock that is given back meanwhile is tried again. */
const maxTries = 20;

function take(path: string, mine: Holder, after: number, turns: number): 'taken' | Holder {
  // The name says whose it is, even of one who is killed before it is written.
  const draft = join(dirname(path), `${draftPrefix}${ownerName(mine.owner)}_${randomUUID()}`);
  try {
    writeRecord(draft, JSON.stringify(mine));
    for (let attempt = 0; attempt < maxTries; attempt += 1) {
      if (link(draft, path)) return 'taken';
      const seen = readLock(path);
      if (seen === undefined) continue;
      if (seen.job === mine.job) return 'taken';
      if (turns === 0 || !isLeftOver(path, seen.owner, after, Date.now())) return seen;
      return takeOver(path, draft, { seen, mine, after, turns }) ? 'taken' : (readLock(path) ?? seen);
    }
    return unknown;
  } finally {
    removeRecord(draft);
  }
}

/** Who else has the lock and lives, or cannot be judged yet; `undefined`: nobody, or this job. */
export function holderOfLock(path: string, mine: Holder, after: number = staleAfter): Holder | undefined {
  const other = readLock(path);
  if (other === undefined || other.job === mine.job) return undefined;
  return isLeftOver(path, other.owner, after, Date.now()) ? undefined : other;
}

/** Gives a lock back; one that another has is left alone. */
export function releaseLock(path: string, mine: Pick<Holder, 'job'>): void {
  const holder = readLock(path);
  if (holder?.job === mine.job) removeRecord(path);
}

/** Who has the lock; `undefined`: nobody. */
export function readLock(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readRecord(path, maxLockBytes)) as Holder;
    if (isHolder(holder)) return holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  return unknown;
}

/** Another user's; or, since locks appear whole, no lock of ours, or the machine lost power. */
const unknown: Holder = {
  owner: { pid: 0, startTime: undefined, boot: undefined, namespace: undefined, host: '' },
  job: '',
  purpose: 'unknown: the lock cannot be read',
};

/** Bytes. */
const maxLockBytes = 1 << 14;

function isHolder({ owner, job, purpose }: Holder): boolean {
  const { pid, startTime, boot, namespace, host } = owner;
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return (
    [job, purpose, host].every((value) => typeof value === 'string') &&
    [boot, namespace].every(isText) &&
    Number.isSafeInteger(pid) &&
    (startTime === undefined || Number.isFinite(startTime))
  );
}

/** Removes the locks in a folder that dead holders left, and what they left of the making of one. */
export function sweepLocks(folder: string, mine: Holder): void {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    if (basename(path).startsWith(draftPrefix)) {
      if (isDebris(path, draftTime, Date.now())) discard(Buffer.from(path));
      continue;
    }
    const other = readLock(path);
    if (other === undefined || isDead(other.owner) !== true) continue;
    if (takeLock(path, mine) === 'taken') releaseLock(path, mine);
  }
}

/** Shows that the holder is still at it, for those who cannot see its process. */
export function touchLock(path: string): void {
  try {
    lutimesSync(path, new Date(), new Date());
  } catch {
    // It is gone: whoever took it over has it now.
  }
}

/**
 * Puts the draft in the place of a lock that was left over. One process at a time may do that: its turn is a lock, too, so that
 * of one that died in it, it goes to another. The turn is for this very lock, which nobody else takes away, so that none is removed
 * that another has taken meanwhile.
 */
function takeOver(
  path: string,
  draft: string,
  { seen, mine, after, turns }: { seen: Holder; mine: Holder; after: number; turns: number },
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
