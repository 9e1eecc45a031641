import { diskLevels, type ResolvedInputs } from '@runner-actions/cleanup-workspace/effective-inputs';
import { type Policy, readStepPolicy } from '@runner-actions/config';
import { type Job, type Step, UserError } from '@runner-actions/core';
import {
  isUnknown,
  listRunners,
  localPathOf,
  readRunnerFile,
  runnerFolders,
  workerAbove,
} from '@runner-actions/host';
import { resolve } from 'node:path';

/**
 * Returns what the hook cleans after a job. Only the machine's policy decides: the environment and the repository of a
 * job are those of a stranger.
 */
export function hookInputs({ cleanup = {} }: Policy): ResolvedInputs['inputs'] {
  const { keep, budget = 30_000, processes = true, containers = 'owned', strict = false } = cleanup;
  return {
    ...{ when: 'post', dryRun: false, temp: true, reclaim: 'auto' },
    ...{ keep: keep ?? [], workspace: keep !== undefined, budget, processes, containers, strict },
    ...diskLevels(cleanup['disk-high'], cleanup['disk-low']),
    maxAge: cleanup['max-age'] ?? 14 * 86_400_000,
  };
}

/**
 * Reads the machine's policy for a hook. Its mistakes are warnings, since a hook does not fail the job.
 * @throws UserError if the policy has mistakes
 */
export async function readHookPolicy(step: Step): ReturnType<typeof readStepPolicy> {
  try {
    return await readStepPolicy({
      log: step.log,
      annotate: (_level, ...more) => step.annotate('warning', ...more),
    });
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`Nothing is cleaned: ${error.message}`);
    throw error;
  }
}

/**
 * Checks that the folders of the job are those of the runner that started this hook, by the runner's process and its file
 * `.runner`.
 * @throws UserError if they are others. Nothing must be removed then
 */
export function checkFolders(job: Job): void {
  const worker = workerAbove();
  const running = listRunners();
  if (worker === undefined || isUnknown(running)) return;
  const root = running.find(({ pid }) => pid === worker)?.root;
  const file = root === undefined ? undefined : readRunnerFile(root);
  if (root === undefined || file === undefined) return;
  const expected = localPathOf(resolve(root, file.workFolder ?? '_work'), root);
  const { work } = runnerFolders(job);
  if (localPathOf(work, expected) === expected) return;
  throw new UserError(
    `Nothing is cleaned: RUNNER_TEMP and GITHUB_WORKSPACE lead to ${work}, but the work folder of this runner is ${expected}.`,
  );
}
