import { keepProtected, type Verdict } from './keep.ts';

/** One entry of the workspace, as it was found. */
export interface Found {
  name: string;
  isDirectory: boolean;
  files: number;
  bytes: number;
  /** Something is mounted on it or below it. */
  holdsMount: boolean;
}

/** What is to become of it: `move` is out of the way at once and then away; `in-place` because of what must stay there. */
export type Step = Found & { action: 'move' | 'in-place' | 'keep'; why: string };

export interface Plan {
  workspace: string;
  steps: Step[];
}

/**
 * The plan: each entry of the workspace and what becomes of it. A dry run shows it; a run executes exactly it.
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

/** What a plan takes away, at most. */
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
