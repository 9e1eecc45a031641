import { join } from 'node:path';
import { messageOf } from '@runner-actions/core';
import { digest } from './space.ts';
import { type Holder, holderOfLock, releaseLock, takeLock } from './lock.ts';
import type { Store } from './store.ts';

/** Another living job has one of the targets. */
export class TargetInUse extends Error {
  override readonly name = 'TargetInUse';
}

/**
 * Locks targets that jobs of other agents on this machine use as well, where they are to be replaced; those that are added to must not
 * be locked. The locks lie in the store, so agents with stores of their own do not see them; one that is read-only takes none.
 * @param locks the locks that this job has; those that are taken are added
 * @throws TargetInUse that says who has it, or that no lock can be made
 */
export function lockTargets(
  store: Store,
  targets: readonly { path: string; isReplaced: boolean }[],
  mine: Holder,
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

function tryLock(lock: string, mine: Holder): string {
  try {
    const answer = takeLock(lock, mine);
    return answer === 'taken' ? 'taken' : answer.purpose;
  } catch (error) {
    return `unknown, since no lock can be made in the store: ${messageOf(error)}`;
  }
}

function lockOf({ root }: Store, target: string): string {
  return join(root, 'locks', `target-${digest([target])}`);
}
