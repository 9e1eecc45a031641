import { join } from 'node:path';
import { startSimulator } from '@runner-actions/testing';
import { readTemplates } from '../release/workflows.ts';
import { git, initialize } from '../release/git.ts';
import { root } from '../actions.ts';
import { findAct } from '../tools.ts';
import { checkCalls, grantedToToken } from './check-calls.ts';
import { payloadOf } from './event.ts';
import { copyFolder, servedFiles, writeFiles } from './folder.ts';
import { introduction } from './introduction.ts';
import { type Interrupts, watchInterrupts } from './interrupts.ts';
import { readLine, type RunLog } from './log.ts';
import { maskOf } from './mask.ts';
import { notShownOf, notShownOfEvent } from './not-shown.ts';
import type { Options } from './options.ts';
import { chooseCells, groupOf, machineLabels } from './placement.ts';
import { makePlan, type Plan } from './plan.ts';
import { printWorld } from './print-world.ts';
import { collectReferences, planSources, type Sources } from './references.ts';
import { makeRepositories, shippedPaths } from './release.ts';
import { runAct } from './run-act.ts';
import { formatTable, rowsOf, statusOf } from './summary.ts';
import { createTemporary, removeFolder, removeLeftovers, type Temporary } from './temporary.ts';
import { UsageError, WorkflowError } from './usage-error.ts';
import { parseWorkflow, readWorkflow } from './workflow.ts';
import { fleetOf, jobToken, runnersOf } from './world.ts';

/** Status of a run that a signal ended, as shells have it for SIGINT. */
const interrupted = 130;

/**
 * Tries a workflow, and prints what happens.
 * @param from the folder to which the paths of the options are relative
 * @returns the exit status
 * @throws UsageError, WorkflowError
 */
export async function tryWorkflow(options: Options, from: string): Promise<number> {
  const plan = makePlan(options, from);
  if (options.printWorld) {
    process.stdout.write(printWorld(plan.world));
    return 0;
  }
  if (process.platform === 'win32')
    throw new UsageError('npm run try needs Linux or macOS. In Windows, use WSL.');
  const act = findAct();
  if ('missing' in act)
    throw new UsageError(
      `${act.missing}. Install Go (https://go.dev/dl), and this command installs act for itself. Or put act 0.2.89 on your PATH.`,
    );
  const removed = removeLeftovers();
  if (removed.length > 0) console.log(`Removed what an earlier run left: ${removed.join(', ')}`);
  const interrupts = watchInterrupts();
  const temporary = createTemporary();
  try {
    return await tryIn(temporary, plan, act.path, interrupts);
  } finally {
    interrupts.close();
    const reason = removeFolder(temporary.folder);
    if (reason !== undefined)
      console.error(`${temporary.folder} is left over: ${reason}. Remove it by hand.`);
  }
}

async function tryIn(temporary: Temporary, plan: Plan, act: string, interrupts: Interrupts): Promise<number> {
  const { world, ids, repository, branch, event } = plan;
  const copied = join(temporary.folder, 'repository');
  initialize(copied);
  const copy = copyFolder(plan.folder, copied);
  writeFiles(copied, world.files ?? {});
  const files = servedFiles(copied);
  if (files[plan.workflow.path] === undefined)
    throw new UsageError(
      `git ignores ${plan.workflow.path}, so a push would not publish it. See .gitignore.`,
    );
  const workflow = readWorkflow(copied, plan.workflow.path);
  const sources = planSources(collectReferences(copied, workflow.path), copied, shippedPaths());
  const { mistakes, warnings } = checkCalls(workflow, ids);
  const all = [...sources.mistakes, ...mistakes];
  if (all.length > 0)
    throw new WorkflowError(`GitHub would reject this workflow, or a job of it:\n${all.join('\n')}`);
  for (const line of introduction(plan, sources, copy, warnings)) console.log(line);
  const sha = commitAll(copied, repository, branch);
  const simulator = await startSimulator(
    fleetOf(world, { repository, sha, files }, grantedToToken(workflow, ids)),
  );
  const secrets = { GITHUB_TOKEN: jobToken, ...world.secrets };
  const log: RunLog = { jobs: [], errors: [] };
  const mask = maskOf(secrets);
  const cells = chooseCells(workflow, ids, world);
  const groups = Object.values(workflow.jobs).flatMap((job) => groupOf(job) ?? []);
  const facts = { repository, branch, sha, owner: world.owner ?? 'organization' };
  try {
    const repositories = makeRepositories(temporary.folder, sources);
    console.log('');
    if (interrupts.count > 0) return interrupted;
    const status = await runAct({
      ...{ act, temporary, event, interrupts, repositories, secrets, vars: world.vars ?? {} },
      workflow: workflow.path,
      job: plan.job,
      payload: payloadOf(workflow, event, world.event?.payload ?? {}, facts),
      labels: machineLabels(world, [...cells.labels, ...groups]),
      cells: cells.selected,
      apiUrl: simulator.url,
      environment: runnersOf(world).some(({ status, busy }) => status === 'online' && busy !== true)
        ? 'self-hosted'
        : 'github-hosted',
      onLine: (line) => {
        for (const text of readLine(line, log, workflow.name)) console.log(mask(text));
      },
    });
    if (interrupts.count > 0) {
      console.log('\nInterrupted. Everything has ended.');
      return interrupted;
    }
    return report(log, { ...plan, workflow }, sources, { cells, status, mask });
  } finally {
    await simulator.stop();
  }
}

/** Commits everything in the folder. @returns the hash of the commit */
function commitAll(folder: string, repository: string, branch: string): string {
  git(folder, ['remote', 'add', 'origin', `https://github.com/${repository}.git`]);
  git(folder, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  git(folder, ['add', '--all', '--force']);
  git(folder, ['commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'Try']);
  return git(folder, ['rev-parse', 'HEAD']);
}

interface Result {
  cells: ReturnType<typeof chooseCells>;
  /** Exit status of act. */
  status: number;
  mask: (text: string) => string;
}

/** Prints the table, and what act cannot show. @returns the exit status */
function report(log: RunLog, plan: Plan, sources: Sources, { cells, status, mask }: Result): number {
  const { workflow, ids, world, event } = plan;
  if (log.jobs.length === 0 && status !== 0)
    throw new WorkflowError(
      `act rejects ${workflow.path}, as GitHub probably does:\n${mask(log.errors.join('\n'))}`,
    );
  const called =
    sources.own.length === 0 ? [] : readTemplates(root).map(({ text, path }) => parseWorkflow(text, path));
  const rows = rowsOf(log, { workflow, ids, world, cells, called });
  console.log(['', ...formatTable(rows)].map(mask).join('\n'));
  for (const error of log.errors) console.log(mask(`act: ${error}`));
  const isHosted = rows.some(({ place }) => place.startsWith('hosted '));
  const limits = [
    ...notShownOfEvent(workflow, event).map((says) => `  ${says}`),
    ...notShownOf(workflow, ids).map((says) => `  ${says}`),
    ...(isHosted ? ['  hosted jobs: this machine is no image of GitHub, and has other tools'] : []),
  ];
  if (limits.length > 0) console.log(`\nWhat this run does not show:\n${limits.join('\n')}`);
  return statusOf(rows);
}
