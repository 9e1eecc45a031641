import { type GitHub, GitHubFailure, type Run, workflowRuns } from '@runner-actions/github';
import type { Job } from '@runner-actions/core';
import { firstPage } from './history-io.ts';

/** A run that was created this long ago has taken its runners by now, and they are seen as busy. */
const recent = 60_000;

/**
 * Runs of this same workflow that choose at the same moment and come first, by their id: with one event they all see the
 * same free runners. Best effort, since nothing is reserved; 0 when it cannot be told.
 */
export async function rivalsAhead(github: GitHub, job: Job, now: number): Promise<number> {
  try {
    return countRivals(await firstPage(workflowRuns(github, job.repository)), {
      runId: Number(job.runId),
      workflowPath: workflowPathOf(job.environment['GITHUB_WORKFLOW_REF']),
      now,
    });
  } catch (error) {
    if (error instanceof GitHubFailure) return 0;
    throw error;
  }
}

export function countRivals(
  runs: readonly Run[],
  own: { runId: number; workflowPath: string | undefined; now: number },
): number {
  return runs.filter(
    ({ id, status, createdAt, workflowPath }) =>
      id < own.runId &&
      status !== 'completed' &&
      Math.abs(own.now - createdAt) <= recent &&
      own.workflowPath !== undefined &&
      workflowPath === own.workflowPath,
  ).length;
}

/** `.github/workflows/ci.yml` of `owner/repo/.github/workflows/ci.yml@refs/heads/main`. */
function workflowPathOf(ref: string | undefined): string | undefined {
  return /^[^/]+\/[^/]+\/(.+)@/.exec(ref ?? '')?.[1];
}
