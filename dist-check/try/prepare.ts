import { git, initialize } from '../release/git.ts';
import { checkCalls } from './check-calls.ts';
import { checkNeeds } from './check-needs.ts';
import { payloadOf } from './event.ts';
import { type Copy, copyFolder, servedFiles, writeFiles } from './folder.ts';
import type { Plan } from './plan.ts';
import { collectReferences, planSources, type Sources } from './references.ts';
import { shippedPaths } from './release.ts';
import { UsageError, WorkflowError } from './usage-error.ts';
import { readWorkflow, type Workflow } from './workflow.ts';

/** The copy of the user's repository, and what the run needs from it. */
export interface Prepared {
  workflow: Workflow;
  copy: Copy;
  /** The files that the simulator serves, by path. */
  files: Record<string, string>;
  sources: Sources;
  /** What GitHub would warn of. */
  warnings: string[];
  sha: string;
  payload: Record<string, unknown>;
}

/**
 * Copies the user's folder to a new repository with one commit, and checks the workflow.
 * @param folder where to put the repository
 * @throws UsageError, WorkflowError
 */
export function prepare(folder: string, plan: Plan): Prepared {
  const { world, ids, repository, branch, event } = plan;
  initialize(folder);
  const copy = copyFolder(plan.folder, folder);
  writeFiles(folder, world.files ?? {});
  const files = servedFiles(folder);
  if (files[plan.workflow.path] === undefined)
    throw new UsageError(
      `git ignores ${plan.workflow.path}, so a push would not publish it. See .gitignore.`,
    );
  const workflow = readWorkflow(folder, plan.workflow.path);
  const sources = planSources(collectReferences(folder, workflow.path), folder, shippedPaths());
  const { mistakes, warnings } = checkCalls(workflow, ids);
  const all = [...checkNeeds(workflow), ...sources.mistakes, ...mistakes];
  if (all.length > 0)
    throw new WorkflowError(`GitHub would reject this workflow, or a job of it:\n${all.join('\n')}`);
  const sha = commitAll(folder, repository, branch);
  const facts = { repository, branch, sha, owner: world.owner ?? 'organization' };
  const payload = payloadOf(workflow, event, world.event?.payload ?? {}, facts);
  return { workflow, copy, files, sources, warnings, sha, payload };
}

/** Commits everything in the folder. @returns the hash of the commit */
function commitAll(folder: string, repository: string, branch: string): string {
  git(folder, ['remote', 'add', 'origin', `https://github.com/${repository}.git`]);
  git(folder, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  git(folder, ['add', '--all', '--force']);
  git(folder, ['commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'Try']);
  return git(folder, ['rev-parse', 'HEAD']);
}
