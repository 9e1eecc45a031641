import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, readSmallFile, UserError } from '@runner-actions/core';
import { isInside, jobOwner, type Owner, ownerName } from '@runner-actions/host';
import type { LockHolder } from '@runner-actions/store';
import { actionsFolder } from '../levels/temp-folder.ts';

/**
 * A path that a step of this job restored or will save. Claims are stored in a file in the temporary directory of the
 * job.
 */
interface Claim {
  /** The job id. Claims that an earlier job left in the folder are ignored. */
  job: string;
  path: string;
  key: string;
  /** Whether the step restored something to the path. */
  hit: boolean;
}

const maxClaimsBytes = 10 * 2 ** 20;

const claimsFile = (job: Job): string => join(job.temp, 'runner-actions', 'restored-targets.json');

/**
 * Refuses a target that another step of this job uses. Two steps with the same target would each move its files
 * into the store. With overlapping targets, the first step to end would move files of the other. A step may try another key
 * if an earlier step found nothing for the same path.
 * @throws UserError that names both
 */
export function refuseClaimedTargets(job: Job, targets: readonly string[]): void {
  const claims = readClaims(job);
  for (const path of targets) {
    const other = claims.find((claim) =>
      claim.path === path ? claim.hit : isInside(path, claim.path) || isInside(claim.path, path),
    );
    if (other === undefined) continue;
    const how =
      other.path === path
        ? 'which another step of this job already restored'
        : `which overlaps ${other.path}. Another step of this job already caches that path`;
    throw new UserError(
      `Input 'path' has ${path}, ${how} with the key '${other.key}'. Cache it in one step, or give each step separate paths.`,
    );
  }
}

/**
 * Records the targets that a step restored or will save.
 * @throws Error as `actionsFolder` does, or from the file system
 */
export function claimTargets(job: Job, targets: readonly string[], key: string, hit: boolean): void {
  const claims = [...readClaims(job), ...targets.map((path) => ({ job: jobId(job), path, key, hit }))];
  actionsFolder(job.temp);
  // The job may have replaced the file with a symlink. Remove it, so that its target is not written.
  rmSync(claimsFile(job), { force: true });
  writeFileSync(claimsFile(job), JSON.stringify(claims), { flag: 'wx' });
}

/** Returns whether another step of this job will save one of the targets too. Then neither step may move it away. */
export function isClaimedTwice(job: Job, targets: readonly { path: string }[]): boolean {
  const claims = readClaims(job);
  return targets.some(({ path }) => claims.filter((claim) => claim.path === path).length > 1);
}

function readClaims(job: Job): Claim[] {
  try {
    const claims = JSON.parse(readSmallFile(claimsFile(job), maxClaimsBytes) ?? '') as Claim[];
    return claims.filter((claim) => claim.job === jobId(job));
  } catch {
    return [];
  }
}

/**
 * Returns the id of the job. act sets no tracking id and always the same run id, so the process that runs the steps is
 * added.
 */
function jobId({ trackingId, runId, runAttempt, name }: Job): string {
  return trackingId ?? [runId, runAttempt, name, ownerName(jobOwner())].join('-');
}

/** Returns this job as the holder of a lock, as other jobs see it. */
export function lockHolder(job: Job, owner: Owner): LockHolder {
  const name = `${job.repository.fullName} ${job.workflow} ${job.name} (run ${job.runId})`;
  return { owner, job: jobId(job), purpose: name };
}
