import { readJob, startDeadline, UserError } from '@runner-actions/core';
import { execute, findEntries } from '../src/clean-io.ts';
import { keepByGlobs, keepProtected } from '../src/keep.ts';
import { makePlan } from '../src/plan.ts';
import { closePlace, openPlace, protectedPaths } from '../src/workspace.ts';
import { join } from 'node:path';
import { globs, guarded, type World } from './world.ts';

/** Returns the environment variables that the runner sets for the job. */
export function environmentOf({ folder, work, workspace }: World): Record<string, string> {
  return {
    HOME: join(folder, 'home'),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: join(work, '_temp'),
    RUNNER_TOOL_CACHE: join(work, '_tool'),
    RUNNER_WORKSPACE: join(work, 'app'),
    RUNNER_ENVIRONMENT: 'self-hosted',
  };
}

/** Runs one clean-up in this process. @returns the result as one word */
export function cleanOnce(world: World): string {
  try {
    const place = openPlace(readJob(environmentOf(world)));
    try {
      const protect = [join(world.workspace, guarded)];
      const keep = keepProtected(protectedPaths(protect, place.workspace.path), keepByGlobs(globs));
      const deadline = startDeadline(60_000);
      const plan = makePlan(place.workspace.path, findEntries(place.workspace, deadline), keep);
      const { residue } = execute(plan, place, { keep, protect }, deadline);
      return residue.length === 0 ? 'cleaned' : 'residue';
    } finally {
      closePlace(place);
    }
  } catch (error) {
    return error instanceof UserError ? 'refused' : `fault: ${(error as NodeJS.ErrnoException).code}`;
  }
}
