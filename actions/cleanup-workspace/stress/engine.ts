import { readJob, startDeadline, UserError } from '@runner-actions/core';
import { findEntries, freeWorkspace } from '../src/workspace-io.ts';
import { keepByGlobs } from '../src/keep.ts';
import { planWorkspace } from '../src/plan.ts';
import { removeRest } from '../src/removal.ts';
import { openTrash } from '../src/trash.ts';
import { closePlace, isMount, openPlace, protectedPaths } from '../src/workspace.ts';
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
      const found = { isMount: isMount(place), found: findEntries(place.workspace) };
      const protectedHere = protectedPaths(protect, place.workspace.path);
      const steps = planWorkspace(found, keepByGlobs(globs), protectedHere);
      const trash = openTrash(place.work, freeWorkspace(steps, place));
      const rules = { keep: globs, protect };
      const { residue } = removeRest(steps, { place, trash }, rules, new Set(), startDeadline(60_000));
      return residue.length === 0 ? 'cleaned' : 'residue';
    } finally {
      closePlace(place);
    }
  } catch (error) {
    return error instanceof UserError ? 'refused' : `fault: ${(error as NodeJS.ErrnoException).code}`;
  }
}
