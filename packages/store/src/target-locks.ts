import { join } from 'node:path';
import { messageOf } from '@runner-actions/core';
import { digest } from './space.ts';
import { type LockHolder, holderOfLock, releaseLock, takeLock } from './lock.ts';
import type { Store } from './store.ts';

/** Another running job uses one of the targets. */
export class TargetInUse extends Error {
  override readonly name = 'TargetInUse';
}

/**
 * Locks targets that jobs of other agents on this machine also use, if the targets are replaced. Targets that are only
 * added to must not be locked by others. The locks are in the store: agents with other stores do not see them, and a
 * read-only store takes none.
 * @param locks the locks that this job has; new ones are added
 * @throws TargetInUse with the holder, or the reason why no lock can be created
 */
export function lockTargets(
  store: Store,
  targets: readonly { path: string; isReplaced: boolean }[],
  mine: LockHolder,
  locks: string[],
): void {
  for (const { path, isReplaced } of store.readOnly ? [] : targets) {
    const lock = lockOf(store, path);
    if (!isReplaced || locks.includes(lock)) continue;
    const answer = tryLock(lock, mine);
    if (answer !== 'taken') throw inUse(path, answer);
    locks.push(lock);
  }
  for (const { path } of targets) {
    const other = holderOfLock(lockOf(store, path), mine);
    if (other !== undefined) throw inUse(path, other.purpose);
  }
}

export function unlockTargets(locks: readonly string[], job: string): void {
  for (const lock of locks) releaseLock(lock, { job });
}

function inUse(target: string, purpose: string): TargetInUse {
  return new TargetInUse(`${target} is in use by another job of this machine: ${purpose}`);
}

function tryLock(lock: string, mine: LockHolder): string {
  try {
    const answer = takeLock(lock, mine);
    return answer === 'taken' ? 'taken' : answer.purpose;
  } catch (error) {
    return `unknown, because no lock can be created in the store: ${messageOf(error)}`;
  }
}

function lockOf({ root }: Store, target: string): string {
  return join(root, 'locks', `target-${digest([target])}`);
}
