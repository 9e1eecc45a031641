import { keepProtected, type Verdict } from './keep.ts';

/** One entry of the workspace. */
export interface Found {
  /** In the form of `decodeName`. */
  name: string;
  isDirectory: boolean;
  /** Whether something is mounted at the entry or below it. */
  holdsMount: boolean;
}

/**
 * An entry and its planned action. `move`: moved to the trash first, then removed. `in-place`: removed in the
 * workspace, because something in it must not move.
 */
export type Step = Found & { action: 'move' | 'in-place' | 'keep'; why: string };

/** An entry with its size: its files, and the bytes of their blocks. */
export interface SizedStep {
  name: string;
  files: number;
  bytes: number;
}

export interface Plan {
  workspace: string;
  /** Whether the workspace is a mount, so that nothing can be moved out of it. */
  isMount: boolean;
  steps: Step[];
}

/**
 * Creates the plan: every entry of the workspace with its action. A dry run only shows the plan; a run executes
 * exactly this plan.
 * @param protect paths relative to the workspace
 */
export function makePlan(
  { workspace, isMount, found }: { workspace: string; isMount: boolean; found: readonly Found[] },
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
    if (isMount) return { ...entry, action: 'in-place', why: 'the workspace is a file system of its own' };
    return { ...entry, action: 'move', why: 'left by the job' };
  });
  return { workspace, isMount, steps: steps.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

const policy = "the machine's policy";

/** Counts the entries that a plan removes, and those that it keeps. */
export function totals({ steps }: Plan): { entries: number; kept: number } {
  const kept = steps.filter(({ action }) => action === 'keep').length;
  return { entries: steps.length - kept, kept };
}
