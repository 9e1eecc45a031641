import { type Job, type Step, UserError } from '@runner-actions/core';
import { isInside, jobOwner } from '@runner-actions/host';
import { type Entry, fromText, type OnExisting, restoreEntry, type Store } from '@runner-actions/store';
import type { Found, Held } from './found.ts';
import type { LevelName } from '../levels/level.ts';
import { immutableBy } from '../plan/immutable.ts';
import { movedEnvironments } from './environments.ts';
import { linkRule } from '../plan/links.ts';
import { count, named } from '../report/named.ts';
import { type CachePlan, surroundings } from '../plan/plan.ts';
import { isLink, isOccupied, leadsInto, leadsOut, placesToPaths } from '../plan/targets.ts';
import { progressOf } from '../report/progress.ts';

export interface Placing {
  step: Step;
  plan: CachePlan;
  held: Held;
  /** Claims and locks what is about to be replaced. @throws UserError, TargetInUse */
  reserve(targets: readonly string[]): void;
}

/** Nothing is put there, whatever level has it. The message is a whole sentence for the user. */
export class LeftAlone extends Error {
  override readonly name = 'LeftAlone';
}

/**
 * Where an entry's trees go.
 * @throws LeftAlone where that is a link or behind one, as nothing is saved from there; UserError for `on-existing: fail`
 */
function targetsFor({ step, plan }: Placing, entry: Entry): string[] {
  const places = entry.metadata.trees.map(({ place }) => place);
  const targets = placesToPaths(places, plan.inputs.paths, surroundings(plan, step.job));
  const out = targets.find((target) => leadsOut(target, step.job.workspace));
  if (out !== undefined)
    throw new LeftAlone(
      `${out} lies behind a link that leads out of the workspace, and is left alone: a miss.`,
    );
  const link = targets.find((target) => isLink(target) && !leadsInto(target, plan.root));
  if (link !== undefined) throw new LeftAlone(`${link} is a link, which is left alone: a miss.`);
  const occupied = plan.inputs.onExisting === 'fail' ? targets.find(isOccupied) : undefined;
  if (occupied !== undefined)
    throw new UserError(
      `${occupied} is not empty, and 'on-existing' is fail. Remove it before, or take 'replace'.`,
    );
  return targets;
}

/**
 * Puts an entry into its places.
 * @param temporary the store goes when the step ends, so nothing of it is leased
 * @returns `undefined` for an entry that was not whole, or is gone: the user was told
 */
export function placeEntry(
  placing: Placing,
  store: Store,
  entry: Entry,
  { source, temporary = false }: { source: LevelName; temporary?: boolean },
): Found | undefined {
  const { step, plan, held } = placing;
  const { mode, verify, readyCopies, immutable } = plan.inputs;
  const targets = targetsFor(placing, entry);
  const isOurs = mode === 'lease' || targets.every((target) => isInside(target, step.job.workspace));
  const { roots } = surroundings(plan, step.job);
  placing.reserve(targets);
  const result = restoreEntry(store, entry, targets.map(fromText), {
    mode: temporary ? 'copy' : mode,
    isImmutable: immutableBy(immutable, roots),
    onExisting: targets.map((target) => onExistingAt(plan, step.job, target)),
    linksOf: (index) => linkRule(targets[index] ?? '', plan.inputs.paths, roots),
    verify: temporary ? 'off' : verify === 'pinned' ? 'full' : verify,
    job: jobOwner(),
    readyCopies: temporary || !isOurs ? 0 : readyCopies,
    consume: temporary,
    tick: progressOf(step, 'Restoring'),
  });
  const { key } = entry.metadata;
  if (result.outcome === 'gone') {
    step.log.info(`The entry ${key} was evicted while it was read.`);
    return undefined;
  }
  if (result.outcome === 'broken') {
    const place = result.quarantined ? 'It is in quarantine now' : 'It stays where it is';
    step.annotate('warning', `The entry ${key} was not whole: ${result.why}. ${place}, and is not used.`);
    return undefined;
  }
  if (result.lease !== undefined) held.lease = result.lease;
  held.trash.push(...result.trash);
  if ((result.newer ?? 0) > 0)
    step.log.info(
      `Cache: newer than the entry's, outside of the workspace, and left as it is: ${count(result.newer ?? 0, 'file')} ('on-existing: merge' would replace it).`,
    );
  if (result.left !== undefined && result.left.length > 0)
    step.log.info(
      `Cache: left out what the entry has where something else is, or this user may not write, which stays: ${named(result.left)}`,
    );
  for (const text of movedEnvironments(entry, targets)) step.annotate('warning', text);
  return describe(entry, source, result);
}

/**
 * What lies outside of the workspace is the machine's: it is only added to, unless the user named another way, or it is a link of
 * ours. To merge replaces files there, but neither links nor folders of the owner's.
 */
export function onExistingAt({ inputs, root }: CachePlan, { workspace }: Job, target: string): OnExisting {
  const { onExisting, mode } = inputs;
  if (onExisting === 'replace') return onExisting;
  const isOurs = isInside(target, workspace) || (isLink(target) && leadsInto(target, root));
  if (onExisting === 'merge') return isOurs ? 'merge' : 'renew';
  return isOurs || mode === 'lease' ? 'replace' : 'update';
}

export function describe(
  { metadata }: Entry,
  source: LevelName,
  { mode, why }: { mode: Found['mode']; why: string },
): Found {
  const { githubMilliseconds, trees } = metadata;
  return {
    source,
    matchedKey: metadata.key,
    bytes: trees.reduce((sum, { bytes }) => sum + bytes, 0),
    files: trees.reduce((sum, { files }) => sum + files, 0),
    mode,
    why,
    ...(githubMilliseconds === undefined ? {} : { githubMilliseconds }),
  };
}
