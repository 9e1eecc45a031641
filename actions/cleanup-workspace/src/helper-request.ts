import type { Plan, SizedStep } from './plan.ts';
import type { KeepRules, Outcome } from './removal.ts';
import type { OwnTrash } from './trash.ts';

/** What the helper process does. */
export type HelperWork = {
  plan: Plan;
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

/** The reply to `remove`. */
export interface Removed {
  outcome: Outcome;
  /** Globs that have matched nothing. */
  unmatched: string[];
}

/** The reply to `measure`: the steps that could be measured in time. */
export type Measured = SizedStep[];
