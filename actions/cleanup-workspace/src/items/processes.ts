import type { Deadline } from '@runner-actions/core';
import type { Ended, HostProcess, MaybeUnknown, ProcessIdentity } from '@runner-actions/host';
import type { Item, ItemOutcome } from '../item.ts';
import { planProcesses, type ProcessFacts, type ProcessPlan, type ProcessStep } from './process-plan.ts';

/** What the item needs of the machine. */
export interface ProcessTable {
  list(deadline: Deadline): Promise<MaybeUnknown<HostProcess[]>>;
  helpers(): ProcessFacts['helpers'];
  end<P extends ProcessIdentity>(
    processes: readonly P[],
    limits: { grace: number; deadline: Deadline },
  ): Promise<Ended<P>>;
}

/** Milliseconds for all of it. The time budget of the clean-up is mostly for files. */
const timeout = 15_000;
/** Milliseconds to list all processes. */
const listTimeout = 3_000;
/** Milliseconds between SIGTERM and SIGKILL: in the first pass, and for what was started meanwhile. */
const [grace, laterGrace] = [5_000, 500];
/** Number of passes. Each ends what was started during the one before. */
const maxPasses = 5;

/**
 * Returns the item for the processes of this job that its steps left behind.
 *
 * The runner kills those with its tracking id right after the last post step. This item comes before: they get time to
 * shut down, processes without the id end with the one that started them, and nothing writes to the workspace while it
 * is emptied.
 */
export function processesItem(
  facts: Pick<ProcessFacts, 'trackingId' | 'workspace'>,
  table: ProcessTable,
): Item<ProcessStep> {
  const look = async (deadline: Deadline): Promise<ProcessPlan> => {
    const all = await table.list(deadline.limit(listTimeout));
    return planProcesses({ ...facts, all, helpers: table.helpers(), self: process.pid });
  };
  let notes: string[] = [];
  return {
    name: 'processes',
    plan: async (deadline) => {
      const plan = await look(deadline);
      notes = plan.notes;
      return plan.steps;
    },
    notes: (outcome) => (outcome?.finished === false ? [...notes, unfinished] : notes),
    execute: (steps, deadline) => endAll(steps, look, table, deadline.limit(timeout)),
  };
}

const unfinished =
  'There was no time to end all processes of this job. The runner kills those with its tracking id after the job.';

/**
 * Ends the planned processes, then what they or others of the job have started since the plan, until a pass finds none.
 */
async function endAll(
  planned: readonly ProcessStep[],
  look: (deadline: Deadline) => Promise<ProcessPlan>,
  table: ProcessTable,
  deadline: Deadline,
): Promise<ItemOutcome> {
  const outcome: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: true };
  const seen = new Set<string>();
  let steps = planned.filter(({ action }) => action === 'remove');
  // An empty plan stays empty, so that a run does what a dry run says.
  for (let pass = 0; pass < maxPasses && steps.length > 0; pass += 1) {
    for (const { process } of steps) seen.add(keyOf(process));
    const targets = steps.map(({ what, process }) => ({ what, ...process }));
    const { ended, left } = await table.end(targets, { grace: pass === 0 ? grace : laterGrace, deadline });
    outcome.removed += ended.length;
    outcome.finished = deadline.remaining() > 0;
    if (!outcome.finished) return outcome;
    outcome.residue.push(...left.map(({ process, reason }) => ({ path: process.what, reason })));
    const found = (await look(deadline)).steps;
    steps = found.filter(({ action, process }) => action === 'remove' && !seen.has(keyOf(process)));
  }
  outcome.residue.push(...steps.map(({ what }) => ({ path: what, reason: endless })));
  return outcome;
}

const endless = 'processes of the job start others faster than they are ended';

const keyOf = ({ pid, startTime }: ProcessIdentity): string => `${pid} ${startTime}`;
