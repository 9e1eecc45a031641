import { type Job, type Step, UserError } from '@runner-actions/core';
import { isInside, jobOwner } from '@runner-actions/host';
import { type Entry, fromText, type OnExisting, restoreEntry, type Store } from '@runner-actions/store';
import type { RestoreResult, HeldResources } from './restore-result.ts';
import type { LevelName } from '../levels/level.ts';
import { immutablePredicate } from '../plan/immutable-paths.ts';
import { movedEnvironmentWarnings } from './moved-virtual-environments.ts';
import { linkRule } from '../plan/link-rule.ts';
import { formatCount, formatPaths } from '../report/format-lists.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { isLink, isOccupied, linksIntoStore, linksOutOfWorkspace, placesToPaths } from '../plan/targets.ts';
import { logProgress } from '../report/progress.ts';

export interface RestoreContext {
  step: Step;
  plan: CachePlan;
  held: HeldResources;
  /** Claims and locks what is about to be replaced. @throws UserError, TargetInUse */
  reserve(targets: readonly string[]): void;
}

/** Nothing is put there, whatever level has it. The message is a whole sentence for the user. */
export class SkippedTarget extends Error {
  override readonly name = 'LeftAlone';
}

/**
 * Where an entry's trees go.
 * @throws SkippedTarget where that is a link or behind one, as nothing is saved from there; UserError for `on-existing: fail`
 */
function entryTargets({ step, plan }: RestoreContext, entry: Entry): string[] {
  const places = entry.metadata.trees.map(({ place }) => place);
  const targets = placesToPaths(places, plan.inputs.paths, pathContext(plan, step.job));
  const out = targets.find((target) => linksOutOfWorkspace(target, step.job.workspace));
  if (out !== undefined)
    throw new SkippedTarget(
      `${out} lies behind a link that leads out of the workspace, and is left alone: a miss.`,
    );
  const link = targets.find((target) => isLink(target) && !linksIntoStore(target, plan.root));
  if (link !== undefined) throw new SkippedTarget(`${link} is a link, which is left alone: a miss.`);
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
  context: RestoreContext,
  store: Store,
  entry: Entry,
  { source, temporary = false }: { source: LevelName; temporary?: boolean },
): RestoreResult | undefined {
  const { step, plan, held } = context;
  const { mode, verify, readyCopies, immutable } = plan.inputs;
  const targets = entryTargets(context, entry);
  const isOurs = mode === 'lease' || targets.every((target) => isInside(target, step.job.workspace));
  const { roots } = pathContext(plan, step.job);
  context.reserve(targets);
  const result = restoreEntry(store, entry, targets.map(fromText), {
    mode: temporary ? 'copy' : mode,
    isImmutable: immutablePredicate(immutable, roots),
    onExisting: targets.map((target) => onExistingFor(plan, step.job, target)),
    linksOf: (index) => linkRule(targets[index] ?? '', plan.inputs.paths, roots),
    verify: temporary ? 'off' : verify === 'pinned' ? 'full' : verify,
    job: jobOwner(),
    readyCopies: temporary || !isOurs ? 0 : readyCopies,
    consume: temporary,
    tick: logProgress(step, 'Restoring'),
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
      `Cache: newer than the entry's, outside of the workspace, and left as it is: ${formatCount(result.newer ?? 0, 'file')} ('on-existing: merge' would replace it).`,
    );
  if (result.left !== undefined && result.left.length > 0)
    step.log.info(
      `Cache: left out what the entry has where something else is, or this user may not write, which stays: ${formatPaths(result.left)}`,
    );
  for (const text of movedEnvironmentWarnings(entry, targets)) step.annotate('warning', text);
  return resultFor(entry, source, result);
}

/**
 * What lies outside of the workspace is the machine's: it is only added to, unless the user formatPaths another way, or it is a link of
 * ours. To merge replaces files there, but neither links nor folders of the owner's.
 */
export function onExistingFor({ inputs, root }: CachePlan, { workspace }: Job, target: string): OnExisting {
  const { onExisting, mode } = inputs;
  if (onExisting === 'replace') return onExisting;
  const isOurs = isInside(target, workspace) || (isLink(target) && linksIntoStore(target, root));
  if (onExisting === 'merge') return isOurs ? 'merge' : 'renew';
  return isOurs || mode === 'lease' ? 'replace' : 'update';
}

export function resultFor(
  { metadata }: Entry,
  source: LevelName,
  { mode, why }: { mode: RestoreResult['mode']; why: string },
): RestoreResult {
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
