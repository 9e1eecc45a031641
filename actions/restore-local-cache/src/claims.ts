import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, messageOf, readSmallFile, UserError } from '@runner-actions/core';
import { isInside, jobOwner, type Owner, ownerName } from '@runner-actions/host';
import { digest, type Holder, holderOfLock, releaseLock, type Store, takeLock } from '@runner-actions/store';
import { actionsFolder } from './own-folder.ts';

/** What steps of this job restored to, or will save: a file in the job's own temporary folder. */
interface Claim {
  /** The job: what an earlier one left in the folder does not count. */
  job: string;
  path: string;
  key: string;
  /** Something was put there. */
  hit: boolean;
}

/** Bytes. */
const mostClaims = 10 * 2 ** 20;

const fileOf = (job: Job): string => join(job.temp, 'runner-actions', 'restored-targets.json');

/**
 * Two steps of a job that restore to the same place would take it from one another, and of two that overlap the one that ends
 * first would take a part of the other's. A step may try another key where an earlier one found nothing.
 * @throws UserError that names both
 */
export function refuseClaimed(job: Job, targets: readonly string[]): void {
  const claims = readClaims(job);
  for (const path of targets) {
    const other = claims.find((claim) =>
      claim.path === path ? claim.hit : isInside(path, claim.path) || isInside(claim.path, path),
    );
    if (other === undefined) continue;
    const how = other.path === path ? 'already' : `already to ${other.path}, which overlaps,`;
    throw new UserError(
      `Input 'path' has ${path}, and this job restored ${how} with the key '${other.key}'. Cache it in one step, or give each step paths of its own.`,
    );
  }
}

/** Notes what a step restored or will save, and where. @throws Error as `actionsFolder` does; Error from the file system */
export function claimTargets(job: Job, targets: readonly string[], key: string, hit: boolean): void {
  const claims = [...readClaims(job), ...targets.map((path) => ({ job: idOf(job), path, key, hit }))];
  actionsFolder(job.temp);
  // The job can make a link of it: what that leads to is not ours.
  rmSync(fileOf(job), { force: true });
  writeFileSync(fileOf(job), JSON.stringify(claims), { flag: 'wx' });
}

/** Whether another step of this job will save one of these as well: then neither may take it away. */
export function isClaimedTwice(job: Job, targets: readonly { path: string }[]): boolean {
  const claims = readClaims(job);
  return targets.some(({ path }) => claims.filter((claim) => claim.path === path).length > 1);
}

function readClaims(job: Job): Claim[] {
  try {
    const claims = JSON.parse(readSmallFile(fileOf(job), mostClaims) ?? '') as Claim[];
    return claims.filter((claim) => claim.job === idOf(job));
  } catch {
    return [];
  }
}

/** act gives no tracking id, and the same run id each time: then the process that runs the steps tells jobs apart. */
function idOf({ trackingId, runId, runAttempt, name }: Job): string {
  return trackingId ?? [runId, runAttempt, name, ownerName(jobOwner())].join('-');
}

/** Another living job has one of the targets. */
export class TargetInUse extends Error {
  override readonly name = 'TargetInUse';
}

/**
 * Locks what lies outside of the workspace and the runner's own folders and is to be replaced, since jobs of other agents on this
 * machine use it as well. The locks lie in the store, so agents with stores of their own do not see them.
 * @param locks the locks that this job has; those that are taken are added
 * @throws TargetInUse that says who has it, or that no lock can be made
 */
export function lockTargets(targets: readonly string[], store: Store, mine: Holder, locks: string[]): void {
  for (const target of targets) {
    const lock = lockOf(store, target);
    if (locks.includes(lock)) continue;
    const answer = tryLock(lock, mine);
    if (answer === 'taken') locks.push(lock);
    else throw inUse(target, answer);
  }
}

/** Whether another living job replaced one of these, and has it. @throws TargetInUse */
export function expectUnlocked(targets: readonly string[], store: Store, mine: Holder): void {
  for (const target of targets) {
    const other = holderOfLock(lockOf(store, target), mine);
    if (other !== undefined) throw inUse(target, other.purpose);
  }
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

export function unlockTargets(locks: readonly string[], job: string): void {
  for (const lock of locks) releaseLock(lock, { job });
}

function lockOf({ root }: Store, target: string): string {
  return join(root, 'locks', `target-${digest([target])}`);
}

/** This job, as others see it. */
export function holderOf(job: Job, owner: Owner): Holder {
  const name = `${job.repository.fullName} ${job.workflow} ${job.name} (run ${job.runId})`;
  return { owner, job: idOf(job), purpose: name };
}
