import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { isDead, type Owner } from '@runner-actions/host';

/** Who holds a lock, and for what. */
export interface Holder {
  owner: Owner;
  /** The job: two steps of one job do not lock each other out. */
  job: string;
  /** For people: what it is held for. */
  purpose: string;
}

/** Without a process that can be judged, a lock is left over after so long: no job may run longer. */
const patience = 5 * 24 * 3_600_000;

/**
 * Takes the lock that the file `path` is, unless a living holder has it. The file appears with its content by one call; one that
 * a dead holder left is taken over. Node has no `flock`, and network file systems none that can be relied on.
 * @returns `taken`, or who has it
 * @throws Error from the file system
 */
export function takeLock(path: string, mine: Holder): 'taken' | Holder {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o660 });
  try {
    for (let attempt = 0; ; attempt += 1) {
      if (link(draft, path)) return 'taken';
      const other = readLock(path);
      if (other === undefined) continue;
      if (other.job === mine.job) return 'taken';
      if (!isLeftOver(path, other) || attempt > 20) return other;
      removeIfStill(path, other);
    }
  } finally {
    unlinkSync(draft);
  }
}

/** Gives a lock back; one that another has is left alone. */
export function releaseLock(path: string, mine: Pick<Holder, 'job'>): void {
  const holder = readLock(path);
  if (holder?.job === mine.job) removeIfStill(path, holder);
}

/** Who has the lock; `undefined`: nobody. */
export function readLock(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    // Locks appear whole, so this is no lock of ours, or the machine lost power.
    const unknown = { pid: 0, startTime: undefined, boot: undefined, namespace: undefined };
    return { owner: unknown, job: '', purpose: 'unknown: the lock cannot be read' };
  }
}

export function isLeftOver(path: string, { owner }: Holder, now: number = Date.now()): boolean {
  const dead = isDead(owner);
  if (dead !== undefined) return dead;
  const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - modified > patience;
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

/** Moves it aside before it is removed: where another was faster and has the lock by now, it is put back. */
function removeIfStill(path: string, seen: Holder): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (JSON.stringify(readLock(aside)) !== JSON.stringify(seen)) link(aside, path);
  unlinkSync(aside);
}
