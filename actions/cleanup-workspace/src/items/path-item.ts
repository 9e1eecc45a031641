import { dirname } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  encodeName,
  measureTree,
  mountsBelow,
  nothingRemoved,
  realPathOf,
  type Removal,
  type Residue,
} from '@runner-actions/host';
import type { Item, ItemName, ItemOutcome, ItemStep, StepSize } from '../item.ts';
import { type Ground, identityOf } from './ground.ts';
import { type EntryPath, type RemovalPlace, removeEntry } from './remove-entry.ts';

/** A file or folder and what the plan does with it. */
export interface PathStep extends ItemStep {
  /** Where it is; missing for a step that only says why nothing is removed. */
  entry?: EntryPath;
  /** See `identityOf`. */
  identity?: string;
  /** Missing if it must be measured. */
  size?: Omit<StepSize, 'what'>;
}

/** The outcome of an item of files. None of them belongs to this job, so none is its residue. */
export interface PathOutcome extends ItemOutcome {
  /** What could not be removed, and why. */
  leftovers: Residue[];
}

export interface PathItem extends Item<PathStep> {
  measure(steps: readonly PathStep[], deadline: Deadline): Promise<StepSize[]>;
  notes(outcome: ItemOutcome | undefined): string[];
  execute(steps: readonly PathStep[], deadline: Deadline): Promise<PathOutcome>;
}

/** How an item of files finds and judges its entries. */
export interface PathSource {
  name: ItemName;
  /**
   * Finds the entries, and decides. Changes nothing.
   * @param only the path of the only entry that is asked for
   */
  judge(deadline: Deadline, only?: string): PathStep[];
  /**
   * Whether all entries are judged again together before the first removal, and not each one before its own: there
   * may be thousands, and the facts of one do not change quickly.
   */
  judgesOnce?: boolean;
  /** Removes what must go right before the entry. If something of it stays, so does the entry. */
  before?(step: PathStep, deadline: Deadline): Removal | undefined;
  /** Does what may happen after the entry has gone. */
  after?(step: PathStep): void;
}

/**
 * Creates an item from a source. Right before each removal, the entry is judged again with fresh facts, and it must
 * still be the entry of the plan. Between two removals it asks whether the disk has enough space.
 */
export function pathItem(
  source: PathSource,
  {
    folders,
    protect,
    enough,
    whyBusy,
    owners,
  }: Pick<Ground, 'folders' | 'protect' | 'enough' | 'whyBusy' | 'owners'>,
): PathItem {
  const place = { work: folders.work, protect, owners, whyBusy };
  let refusals: string[] = [];
  let stays: string[] = [];
  return {
    name: source.name,
    plan: async (deadline) => {
      const steps = source.judge(deadline).sort(byPath);
      refusals = steps.filter(({ entry }) => entry === undefined).map(({ why }) => why);
      const planned = await spare(steps, enough);
      stays = source.name === 'temp' ? [] : whatStays(source.name, planned);
      return planned;
    },
    measure: async (steps, deadline) => steps.flatMap((step) => sizeOf(step, deadline)),
    notes: (outcome) => [...notesOf(source.name, refusals, outcome as PathOutcome | undefined), ...stays],
    execute: async (steps, deadline) => {
      const outcome: PathOutcome = { removed: 0, freedBytes: 0, residue: [], leftovers: [], finished: true };
      const again = rejudge(source, deadline);
      for (const step of steps) {
        if (step.action !== 'remove' || step.entry === undefined) continue;
        if (await enough(step.what)) continue;
        if (deadline.remaining() === 0) return { ...outcome, finished: false };
        count(outcome, removeStep(source, step, { again, place }, deadline));
      }
      return { ...outcome, left: outcome.leftovers.length };
    },
  };
}

function sizeOf({ action, entry, what }: PathStep, deadline: Deadline): StepSize[] {
  if (action !== 'remove' || entry === undefined) return [];
  const base = realPathOf(entry.base);
  const names = entry.names.flatMap((name) => [Buffer.from('/'), encodeName(name)]);
  const size = measureTree(Buffer.concat([Buffer.from(base), ...names]), mountsBelow(base), deadline);
  return size.complete ? [{ what, files: size.files, bytes: size.bytes }] : [];
}

/** Leaves out paths, which may be those of other repositories. The report has them. */
export function notesOf(
  name: ItemName,
  refusals: readonly string[],
  outcome: PathOutcome | undefined,
): string[] {
  const { leftovers = [] } = outcome ?? {};
  const entries = leftovers.length === 1 ? '1 entry' : `${leftovers.length} entries`;
  return [
    ...refusals.map((why) => `Nothing is removed for '${name}': ${why}.`),
    ...(leftovers[0] === undefined
      ? []
      : [`${entries} could not be removed for '${name}' (${leftovers[0].reason}). The report names them.`]),
  ];
}

/** Says why nothing is removed although a disk is low: reasons without what follows a colon, and how often each counts. */
function whatStays(name: ItemName, steps: readonly PathStep[]): string[] {
  if (steps.some(({ action, entry }) => action === 'remove' || entry === undefined)) return [];
  const counts = new Map<string, number>();
  for (const { why } of steps) {
    const reason = why.split(':', 1)[0] ?? '';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, 5);
  if (most.length === 0) return [`There is nothing of '${name}'.`];
  return [`All of '${name}' stays: ${most.map(([reason, count]) => `${reason} (${count})`).join(', ')}.`];
}

/** Keeps the entries on disks that have enough space. Asks once for all entries of a folder. */
async function spare(steps: PathStep[], enough: Ground['enough']): Promise<PathStep[]> {
  const answers = new Map<string, boolean>();
  for (const { action, what } of steps) {
    const folder = dirname(what);
    if (action === 'remove' && !answers.has(folder)) answers.set(folder, await enough(what));
  }
  return steps.map((step) =>
    step.action === 'remove' && answers.get(dirname(step.what)) === true
      ? { ...step, action: 'keep', why: 'its disk has enough space' }
      : step,
  );
}

/** Returns the step of an entry with fresh facts; `undefined` if the entry has gone. */
type Again = (what: string) => PathStep | undefined;

function rejudge(source: PathSource, deadline: Deadline): Again {
  if (source.judgesOnce !== true) return (what) => source.judge(deadline, what)[0];
  let all: Map<string, PathStep> | undefined;
  return (what) => {
    all ??= new Map(source.judge(deadline).map((step) => [step.what, step]));
    return all.get(what);
  };
}

const byPath = (one: PathStep, other: PathStep): number =>
  one.what < other.what ? -1 : one.what > other.what ? 1 : 0;

function removeStep(
  source: PathSource,
  step: PathStep,
  { again, place }: { again: Again; place: RemovalPlace & { whyBusy: Ground['whyBusy'] | undefined } },
  deadline: Deadline,
): Removal | undefined {
  const { entry, what, identity } = step;
  if (entry === undefined) return undefined;
  try {
    const now = again(what);
    if (now === undefined) return undefined;
    if (deadline.remaining() === 0) return { ...nothingRemoved(), finished: false };
    const changed =
      now.action === 'keep' ? now.why : now.identity === identity ? undefined : 'it was replaced';
    if (changed !== undefined) return changedSince(what, changed);
    const before = source.before?.(step, deadline);
    if (before !== undefined && !isDone(before)) return before;
    // Called right before the rename that takes the entry away. A worker that starts between the two has yet to load
    // its program and to get its job before it touches a folder, which takes far longer than this rename. Then it finds
    // the entry gone, as after any clean-up, or whole.
    const check = (path: Buffer) => {
      const busy = place.whyBusy?.();
      if (busy !== undefined) return busy;
      return identityOf(path) === identity ? undefined : changedText('it was replaced');
    };
    const removal = removeEntry(entry, check, place, deadline);
    if (isDone(removal)) source.after?.(step);
    return removal;
  } catch (error) {
    return changedSince(what, messageOf(error));
  }
}

const changedText = (why: string): string => `it changed after the plan was made: ${why}`;

const changedSince = (path: string, why: string): Removal => ({
  ...nothingRemoved(),
  residue: [{ path, reason: changedText(why) }],
});

const isDone = ({ finished, residue }: Removal): boolean => finished && residue.length === 0;

function count(outcome: PathOutcome, removal: Removal | undefined): void {
  if (removal === undefined) return;
  outcome.freedBytes += removal.freedBytes;
  outcome.leftovers.push(...removal.residue);
  outcome.finished &&= removal.finished;
  if (isDone(removal) && removal.files + removal.directories > 0) outcome.removed += 1;
}
