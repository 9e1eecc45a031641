import type { ItemStep } from './item.ts';
import { keepProtected, type Verdict } from './keep.ts';

/** One entry of the workspace. */
export interface Found {
  /** In the form of `decodeName`. */
  name: string;
  isDirectory: boolean;
  /** Whether something is mounted at the entry or below it. */
  holdsMount: boolean;
}

/** An entry of the workspace and what the plan does with it. */
export interface WorkspaceStep extends ItemStep {
  /**
   * Whether the entry is removed where it is, because something in it must not move. Others are moved to the trash
   * first.
   */
  inPlace: boolean;
}

/**
 * Creates the plan: every entry of the workspace with its action. A dry run only shows the plan; a run executes
 * exactly this plan.
 * @param isMount whether the workspace is a mount, so that nothing can be moved out of it
 * @param protect paths relative to the workspace
 */
export function planWorkspace(
  { found, isMount }: { found: readonly Found[]; isMount: boolean },
  keep: (path: string, isDirectory: boolean) => Verdict,
  protect: readonly string[] = [],
): WorkspaceStep[] {
  const byPolicy = keepProtected(protect, () => 'remove');
  const steps = found.map(({ name, isDirectory, holdsMount }): WorkspaceStep => {
    const kept = (why: string): WorkspaceStep => ({ action: 'keep', what: name, why, inPlace: true });
    const removed = (why: string, inPlace = true): WorkspaceStep => ({
      action: 'remove',
      what: name,
      why,
      inPlace,
    });
    const protects = byPolicy(name, isDirectory);
    if (protects === 'keep') return kept(`protected by ${policy}`);
    const verdict = keep(name, isDirectory);
    if (verdict === 'keep') return kept('matches keep');
    if (protects === 'look inside') return removed(`something in it is protected by ${policy}`);
    if (verdict === 'look inside') return removed('something in it may match keep');
    if (holdsMount) return removed('another file system is mounted in it');
    if (isMount) return removed('the workspace is a file system of its own');
    return removed('left by the job', false);
  });
  return steps.sort((one, other) => (one.what < other.what ? -1 : 1));
}

const policy = "the machine's policy";
