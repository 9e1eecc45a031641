import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Job, UserError } from '@runner-actions/core';
import { isInside, type Owner } from '@runner-actions/host';
import { besideName, type Holder, releaseLock, takeLock } from '@runner-actions/store';

/** What this job put where, step by step: a file in the job's own temporary folder. */
interface Claim {
  /** The job: what an earlier one left in the folder does not count. */
  job: string;
  path: string;
  key: string;
}

const fileOf = (job: Job): string => join(job.temp, 'runner-actions', 'restored-targets.json');

/**
 * Two steps of a job that restore to the same place would take it from one another.
 * @throws UserError that names both
 */
export function refuseClaimed(job: Job, targets: readonly string[]): void {
  const claims = readClaims(job);
  for (const path of targets) {
    const other = claims.find((claim) => isInside(path, claim.path) || isInside(claim.path, path));
    if (other === undefined) continue;
    const how = other.path === path ? 'already' : `already to ${other.path}, which overlaps,`;
    throw new UserError(
      `Input 'path' has ${path}, and this job restored ${how} with the key '${other.key}'. Cache it in one step, or give each step paths of its own.`,
    );
  }
}

/** Notes what a step restored, and to where. */
export function claimTargets(job: Job, targets: readonly string[], key: string): void {
  const claims = [...readClaims(job), ...targets.map((path) => ({ job: idOf(job), path, key }))];
  mkdirSync(dirname(fileOf(job)), { recursive: true });
  writeFileSync(fileOf(job), JSON.stringify(claims));
}

function readClaims(job: Job): Claim[] {
  try {
    const claims = JSON.parse(readFileSync(fileOf(job), 'utf8')) as Claim[];
    return claims.filter((claim) => claim.job === idOf(job));
  } catch {
    return [];
  }
}

function idOf({ trackingId, runId, runAttempt, name }: Job): string {
  return trackingId ?? [runId, runAttempt, name].join('-');
}

/**
 * Locks what lies outside of the workspace and the runner's own folders, since jobs of other agents on this machine use it as
 * well: a file beside each target, so that agents with stores of their own see it, too.
 * @returns the locks that were taken; or who has one of the targets, and then none was taken
 */
export function lockTargets(
  targets: readonly string[],
  own: readonly string[],
  mine: Holder,
): { locks: string[] } | { inUse: string; holder: Holder } {
  const locks: string[] = [];
  for (const target of targets.filter((path) => !own.some((folder) => isInside(path, folder)))) {
    const lock = lockOf(target);
    mkdirSync(dirname(lock), { recursive: true });
    const answer = takeLock(lock, mine);
    if (answer === 'taken') {
      locks.push(lock);
      continue;
    }
    unlockTargets(locks, mine.job);
    return { inUse: target, holder: answer };
  }
  return { locks };
}

export function unlockTargets(locks: readonly string[], job: string): void {
  for (const lock of locks) releaseLock(lock, { job });
}

function lockOf(target: string): string {
  return join(dirname(target), `${besideName}lock-${basename(target)}`);
}

/** This job, as others see it. */
export function holderOf(job: Job, owner: Owner): Holder {
  const name = `${job.repository.fullName} ${job.workflow} ${job.name} (run ${job.runId})`;
  return { owner, job: idOf(job), purpose: name };
}
