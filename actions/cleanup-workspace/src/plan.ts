import { keepProtected, type Verdict } from './keep.ts';

/** One entry of the workspace. */
export interface Found {
  name: string;
  isDirectory: boolean;
  files: number;
  bytes: number;
  /** Whether something is mounted at the entry or below it. */
  holdsMount: boolean;
}

/**
 * An entry and its planned action. `move`: moved to the trash first, then removed. `in-place`: removed in the
 * workspace, because something in it must not move.
 */
export type Step = Found & { action: 'move' | 'in-place' | 'keep'; why: string };

export interface Plan {
  workspace: string;
  steps: Step[];
}

/**
 * Creates the plan: every entry of the workspace with its action. A dry run only shows the plan; a run executes
 * exactly this plan.
 * @param protect paths relative to the workspace
 */
export function makePlan(
  workspace: string,
  found: readonly Found[],
  keep: (path: string, isDirectory: boolean) => Verdict,
  protect: readonly string[] = [],
): Plan {
  const byPolicy = keepProtected(protect, () => 'remove');
  const steps = found.map((entry): Step => {
    const { name, isDirectory } = entry;
    const protects = byPolicy(name, isDirectory);
    if (protects === 'keep') return { ...entry, action: 'keep', why: `protected by ${policy}` };
    const verdict = keep(name, isDirectory);
    if (verdict === 'keep') return { ...entry, action: 'keep', why: 'matches keep' };
    if (protects === 'look inside')
      return { ...entry, action: 'in-place', why: `something in it is protected by ${policy}` };
    if (verdict === 'look inside')
      return { ...entry, action: 'in-place', why: 'something in it may match keep' };
    if (entry.holdsMount)
      return { ...entry, action: 'in-place', why: 'another file system is mounted in it' };
    return { ...entry, action: 'move', why: 'left by the job' };
  });
  return { workspace, steps: steps.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

const policy = "the machine's policy";

/** Sums up what a plan removes at most, and what it keeps. */
export function totals({ steps }: Plan): { entries: number; files: number; bytes: number; kept: number } {
  const taken = steps.filter(({ action }) => action !== 'keep');
  const sum = (field: 'files' | 'bytes') => taken.reduce((total, step) => total + step[field], 0);
  return {
    entries: taken.length,
    files: sum('files'),
    bytes: sum('bytes'),
    kept: steps.length - taken.length,
  };
}
