import type { WorkspaceStep } from './plan.ts';
import type { KeepRules } from './removal.ts';
import type { OwnTrash } from './trash.ts';

/** What the helper process does. It replies with `StepSize[]`, or with a `WorkspaceOutcome`. */
export type HelperWork = {
  steps: readonly WorkspaceStep[];
  /** Time for the work. */
  milliseconds: number;
} & ({ act: 'measure' } | ({ act: 'remove'; trash: OwnTrash; unmatched: readonly string[] } & KeepRules));

/** A request to the helper process. */
export type HelperRequest = HelperWork & {
  /** Paths of `_work`, the repository's folder and the workspace. On Linux, the helper gets them as open files. */
  paths: string[];
  /** The process that asks. The helper stops when that process ends, because the next job may have started then. */
  parent: number;
};
