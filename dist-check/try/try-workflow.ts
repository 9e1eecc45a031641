import { join } from 'node:path';
import { startSimulator } from '@runner-actions/testing';
import { findAct } from '../tools.ts';
import { grantedToToken } from './check-calls.ts';
import { introduction } from './introduction.ts';
import { type Interrupts, watchInterrupts } from './interrupts.ts';
import { readLine, type RunLog } from './log.ts';
import { maskOf } from './mask.ts';
import type { Options } from './options.ts';
import { chooseCells, groupOf, machineLabels } from './placement.ts';
import { makePlan, type Plan } from './plan.ts';
import { prepare } from './prepare.ts';
import { printWorld } from './print-world.ts';
import { makeRepositories } from './release.ts';
import { report } from './report.ts';
import { runAct } from './run-act.ts';
import { createTemporary, removeFolder, removeLeftovers, type Temporary } from './temporary.ts';
import { UsageError, WorkflowError } from './usage-error.ts';
import type { Workflow } from './workflow.ts';
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
  const prepared = prepare(join(temporary.folder, 'repository'), plan);
  const { workflow, files, sha, sources, payload } = prepared;
  const { world, ids, repository, event, job } = plan;
  for (const line of introduction(plan, prepared)) console.log(line);
  const simulator = await startSimulator(
    fleetOf(world, { repository, sha, files }, grantedToToken(workflow, ids)),
  );
  const secrets = { GITHUB_TOKEN: jobToken, ...world.secrets };
  const mask = maskOf(secrets);
  const log: RunLog = { jobs: [], errors: [] };
  const cells = chooseCells(workflow, ids, world);
  const groups = Object.values(workflow.jobs).flatMap((one) => groupOf(one) ?? []);
  try {
    const repositories = makeRepositories(temporary.folder, sources);
    console.log('');
    if (interrupts.count > 0) return interrupted;
    const status = await runAct({
      ...{ act, temporary, event, job, payload, interrupts, repositories, secrets, vars: world.vars ?? {} },
      workflow: workflow.path,
      labels: machineLabels(world, [...cells.labels, ...groups]),
      cells: cells.selected,
      apiUrl: simulator.url,
      environment: runnersOf(world).some((one) => one.status === 'online' && one.busy !== true)
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
    if (log.jobs.length === 0 && status !== 0) throw rejection(workflow, mask(log.errors.join('\n')));
    const { lines, exitStatus } = report(log, { workflow, files, ids, world, cells, event });
    console.log(lines.map(mask).join('\n'));
    return exitStatus;
  } finally {
    await simulator.stop();
  }
}

/** Returns the error for a run in which act started no job. */
function rejection({ path }: Workflow, text: string): Error {
  const isAboutWorkflow = /workflow is not valid|find any stages/.test(text);
  return isAboutWorkflow
    ? new WorkflowError(`act rejects ${path}, and GitHub probably does too:\n${text}`)
    : new Error(`act started no job of ${path}: ${text}`);
}
