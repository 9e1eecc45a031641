import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { askFor } from './file-helper-io.ts';
import type { Item, ItemOutcome, StepSize } from './item.ts';
import type { KeptGitOutcome } from './items/kept-git-io.ts';
import type { KeptGitPlan } from './items/kept-git-plan.ts';
import type { KeptGitStep } from './items/kept-git.ts';
import type { PathStep } from './items/path-item.ts';
import type { PathFacts, PathItemName } from './items/path-items.ts';
import type { Place, WorkFolder } from './workspace.ts';

const noAnswer = (name: string): string =>
  `'${name}' was given up, because a file system did not answer in time.`;
const gaveUp: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: false };

/** Returns an item of files outside of the workspace. The helper process finds and removes them. */
export function remotePathItem(name: PathItemName, place: WorkFolder, facts: PathFacts): Item<PathStep> {
  const notes = new Set<string>();
  const give = (answer: { notes: readonly string[] } | undefined): void =>
    (answer?.notes ?? [noAnswer(name)]).forEach((note) => notes.add(note));
  return {
    name,
    plan: async (deadline) => {
      const work = { act: 'plan item' as const, item: name, facts };
      const answer = (await askFor(place, work, deadline.remaining())) as
        { steps: PathStep[]; notes: string[] } | undefined;
      give(answer);
      return answer?.steps ?? [];
    },
    measure: async (steps, deadline) => {
      const work = { act: 'measure item' as const, item: name, facts, steps };
      return ((await askFor(place, work, deadline.remaining())) ?? []) as StepSize[];
    },
    notes: () => [...notes],
    execute: async (steps, deadline) => {
      if (!steps.some(({ action }) => action === 'remove')) return { ...gaveUp, finished: true };
      const work = { act: 'execute item' as const, item: name, facts, steps };
      const answer = (await askFor(place, work, deadline.remaining())) as
        { outcome: ItemOutcome; notes: string[] } | undefined;
      give(answer);
      return answer?.outcome ?? gaveUp;
    },
  };
}

/** The disks of the runner's folders. */
export interface Disks {
  /** Descriptions of those that are low. */
  low: string[];
  /** The folders on disks that are low. */
  wasLow: string[];
  /** Why others could not be read. */
  unknown: string[];
}

/** Asks the helper which disks of the runner's folders are low. */
export async function lookAtDisks(place: WorkFolder, facts: PathFacts, deadline: Deadline): Promise<Disks> {
  const answer = await askFor(place, { act: 'look at disks', facts }, deadline.remaining());
  return (answer as Disks | undefined) ?? { low: [], wasLow: [], unknown: [noAnswer('reclaim')] };
}

/**
 * Returns the item for a `.git` that stays. The helper process removes locks, credentials and what would run a program
 * in the next job.
 * @param protect paths that stay as they are, relative to the workspace
 * @param isWhole whether all of `.git` stays, and not only something in it
 */
export function keptGitItem(place: Place, protect: readonly string[], isWhole: boolean): Item<KeptGitStep> {
  let plan: KeptGitPlan = { steps: [], residue: [], notes: [], finished: true };
  return {
    name: 'kept-git',
    plan: async (deadline) => {
      const work = { act: 'plan git' as const, protect, isWhole };
      const answer = (await askFor(place, work, deadline.remaining())) as KeptGitPlan | undefined;
      plan = answer ?? { ...plan, notes: [noAnswer('kept-git')], finished: false };
      return plan.steps;
    },
    notes: () => plan.notes,
    execute: async (steps, deadline) => {
      const nothing: KeptGitOutcome = { changes: [], residue: plan.residue, finished: plan.finished };
      const work = { act: 'clean git' as const, plan };
      const answer = steps.length === 0 ? nothing : await askFor(place, work, deadline.remaining());
      if (answer === undefined) return gaveUp;
      const { changes, residue, finished } = answer as KeptGitOutcome;
      const named = residue.map(({ path, reason }) => ({ path: join(place.workspace.path, path), reason }));
      return { removed: changes.length, freedBytes: 0, residue: named, finished };
    },
  };
}
