import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, readSmallFile, UserError } from '@runner-actions/core';
import { isInside, jobOwner, type Owner, ownerName } from '@runner-actions/host';
import type { Holder } from '@runner-actions/store';
import { actionsFolder } from '../levels/temp-folder.ts';

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
const maxClaimsBytes = 10 * 2 ** 20;

const claimsFile = (job: Job): string => join(job.temp, 'runner-actions', 'restored-targets.json');

/**
 * Two steps of a job that restore to the same place would take it from one another, and of two that overlap the one that ends
 * first would take a part of the other's. A step may try another key where an earlier one found nothing.
 * @throws UserError that names both
 */
export function refuseClaimedTargets(job: Job, targets: readonly string[]): void {
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
  const claims = [...readClaims(job), ...targets.map((path) => ({ job: jobId(job), path, key, hit }))];
  actionsFolder(job.temp);
  // The job can make a link of it: what that leads to is not ours.
  rmSync(claimsFile(job), { force: true });
  writeFileSync(claimsFile(job), JSON.stringify(claims), { flag: 'wx' });
}

/** Whether another step of this job will save one of these as well: then neither may take it away. */
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

/** act gives no tracking id, and the same run id each time: then the process that runs the steps tells jobs apart. */
function jobId({ trackingId, runId, runAttempt, name }: Job): string {
  return trackingId ?? [runId, runAttempt, name, ownerName(jobOwner())].join('-');
}

/** This job, as others see it. */
export function lockHolder(job: Job, owner: Owner): Holder {
  const name = `${job.repository.fullName} ${job.workflow} ${job.name} (run ${job.runId})`;
  return { owner, job: jobId(job), purpose: name };
}
