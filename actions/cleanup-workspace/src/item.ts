import { reclaimNames } from '@runner-actions/config';
import type { Deadline } from '@runner-actions/core';
import type { Residue } from '@runner-actions/host';

/** The kinds of things that a clean-up removes, in the order in which it removes them. */
export const itemNames = [
  'processes',
  'containers',
  'workspace',
  'leftovers',
  'kept-git',
  'temp',
  ...reclaimNames,
  'trash',
] as const;
export type ItemName = (typeof itemNames)[number];

/** One thing and what the plan does with it. It is plain data: the report contains it. */
export interface ItemStep {
  action: 'remove' | 'keep';
  /** What it is, such as a path, or the name and id of a container. */
  what: string;
  why: string;
}

/** The result of executing the steps of one item. */
export interface ItemOutcome {
  /** Number of things that were removed. */
  removed: number;
  /** 0 if it is unknown. */
  freedBytes: number;
  /** What of this job could not be removed, and why. With `strict`, it fails the job. */
  residue: Residue[];
  /** Number of things that no job uses and that could not be removed. They are not residue of this job. */
  left?: number;
  /** False if the deadline passed first. The next run removes the rest. */
  finished: boolean;
  /** Folders that have gone. What earlier items have reported in them is no residue any more. */
  gone?: string[];
  /** What somebody must look at, although it is not residue of this job: sentences. */
  warnings?: string[];
}

/** The size of what a step removes. */
export interface StepSize {
  what: string;
  files: number;
  /** Bytes of the blocks of the files. */
  bytes: number;
}

/** A kind of thing that a clean-up removes. A dry run calls `plan` and `measure` only. */
export interface Item<S extends ItemStep = ItemStep> {
  name: ItemName;
  /** Finds what is there. Changes nothing. */
  plan(deadline: Deadline): Promise<S[]>;
  /** Measures what the steps would remove. Those that could not be measured in time are missing. */
  measure?(steps: readonly S[], deadline: Deadline): Promise<StepSize[]>;
  /**
   * Returns what people should know after the plan, or after its execution: sentences for the log and the summary.
   * @param outcome missing for a dry run
   */
  notes?(outcome: ItemOutcome | undefined): string[];
  /** Does exactly what the steps say. Right before each removal it checks that the thing is still the planned one. */
  execute(steps: readonly S[], deadline: Deadline): Promise<ItemOutcome>;
}
