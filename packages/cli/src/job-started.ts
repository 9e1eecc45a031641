import { cleanItems } from '@runner-actions/cleanup-workspace/clean';
import { leftoversItem } from '@runner-actions/cleanup-workspace/leftovers';
import { isHosted } from '@runner-actions/cleanup-workspace/hosted';
import { messageOf, type Step, UserError } from '@runner-actions/core';
import { closeFolder, explainFileError, type Folder, openFolder, runnerFolders } from '@runner-actions/host';
import { checkFolders, readHookPolicy } from './hook-settings.ts';
import { measure } from './metrics/measure.ts';

/** Milliseconds. The job waits for this hook. */
const budget = 10_000;

/**
 * The hook for the start of a job: starts to measure it, removes what earlier clean-ups left in the trash, and checks the
 * machine against the manifest of its policy. They share the budget.
 * @throws UserError
 */
export async function phase(step: Step): Promise<void> {
  if (isHosted(step)) return;
  const deadline = step.deadline.limit(budget);
  const answer = await readHookPolicy(step);
  const { cleanup = {}, hooks } = answer?.policy ?? {};
  await measure(step, answer?.policy ?? {}, async (metrics) => {
    const { startMeasuring } = await import('./metrics/start-measuring.ts');
    await startMeasuring({ ...step, deadline }, metrics);
  });
  const checks = hooks?.manifest !== undefined;
  const share = checks ? budget / 2 : budget;
  const cleaned = cleanTrash(step, cleanup.protect ?? [], Math.min(share, cleanup.budget ?? budget));
  if (!checks) return cleaned;
  const fault = await cleaned.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // What fails the job is thrown at once, so the fault is told before.
  if (fault !== undefined) step.annotate('warning', messageOf(fault.error));
  const { checkMachineRequirements } = await import('./machine-requirements.ts');
  await checkMachineRequirements(step, hooks, deadline);
}

/** @param limit milliseconds */
async function cleanTrash(step: Step, protect: readonly string[], limit: number): Promise<void> {
  checkFolders(step.job);
  const work = openWork(runnerFolders(step.job).work);
  const items = [leftoversItem({ work }, protect)];
  const nothing = { items: [], low: [], notes: [] };
  const { faults, items: cleaned } = await cleanItems(
    step,
    { always: () => items, reclaim: async () => nothing, last: () => [] },
    { budget: limit, dryRun: false },
  );
  closeFolder(work);
  for (const { outcome } of cleaned)
    for (const warning of outcome?.warnings ?? []) step.annotate('warning', warning);
  if (faults.length > 0) throw faults[0];
}

/** @throws UserError */
function openWork(path: string): Folder {
  try {
    return openFolder(path);
  } catch (error) {
    const why = explainFileError((error as NodeJS.ErrnoException).code) ?? messageOf(error);
    throw new UserError(`Nothing is cleaned: ${path} cannot be opened: ${why}.`);
  }
}
