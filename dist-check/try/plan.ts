import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDocument } from '@runner-actions/config';
import { identify, isExistingFolder } from './folder.ts';
import type { Options } from './options.ts';
import { wantedLabels } from './placement.ts';
import { UsageError } from './usage-error.ts';
import {
  checkJob,
  chooseEvent,
  chooseWorkflow,
  isStartable,
  jobsToRun,
  listWorkflows,
  readWorkflow,
  type Workflow,
  workflowsFolder,
} from './workflow.ts';
import { defaultWorld, parseWorld, type World } from './world.ts';

/** What the user wants to try. */
export interface Plan {
  folder: string;
  workflow: Workflow;
  job: string | undefined;
  event: string;
  /** Ids of the jobs that run. */
  ids: string[];
  /** The user's world, with defaults. */
  world: World;
  repository: string;
  branch: string;
}

/**
 * Reads the user's folder and world, and makes all choices.
 * @param from the folder to which the paths of the options are relative
 * @throws UsageError, WorkflowError
 */
export function makePlan(options: Options, from: string): Plan {
  const given = resolve(from, options.folder);
  if (!isExistingFolder(given))
    throw new UsageError(`${given} is no folder. Name the folder of your repository.`);
  const folder = realpathSync(given);
  const names = listWorkflows(folder);
  const startable = names.filter((one) => isStartable(folder, `${workflowsFolder}/${one}`));
  const name = chooseWorkflow(names, options.workflow, folder, startable);
  const workflow = readWorkflow(folder, `${workflowsFolder}/${name}`);
  const { repository, branch } = identify(folder);
  const world = {
    ...(repository === undefined ? {} : { repository }),
    ...defaultWorld(wantedLabels(workflow, readConfig(folder))),
    ...(options.world === undefined ? {} : readWorld(resolve(from, options.world))),
  };
  checkJob(workflow, options.job);
  return {
    ...{ folder, workflow, job: options.job, world, branch, repository: world.repository ?? 'octo/app' },
    event: chooseEvent(workflow, options.event ?? world.event?.name),
    ids: jobsToRun(workflow, options.job),
  };
}

/** Reads the team's configuration for its pools. A mistake in it is for `select-runner` to report. */
function readConfig(folder: string): unknown {
  const path = join(folder, '.github/runner-config.yml');
  return existsSync(path) ? readDocument(readFileSync(path, 'utf8'), path).value : undefined;
}

function readWorld(path: string): World {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--world ${path} cannot be read: ${(error as Error).message}. --print-world prints one to begin with.`,
      { cause: error },
    );
  }
  return parseWorld(text, path);
}
