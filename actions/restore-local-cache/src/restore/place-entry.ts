import { type Job, type Step, UserError } from '@runner-actions/core';
import { isInside, jobOwner } from '@runner-actions/host';
import { type Entry, pathFromText, type OnExisting, restoreEntry, type Store } from '@runner-actions/store';
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
  /** Claims and locks the targets that the restore will replace. @throws UserError, TargetInUse */
  reserve(targets: readonly string[]): void;
}

/** A target that no level may restore to. The message is a whole sentence for the user. */
export class SkippedTarget extends Error {
  override readonly name = 'SkippedTarget';
}

/**
 * Returns the targets for the trees of an entry.
 * @throws SkippedTarget if a target is a symlink or is behind one: nothing is saved from there either
 * @throws UserError for `on-existing: fail`
 */
function entryTargets({ step, plan }: RestoreContext, entry: Entry): string[] {
  const places = entry.metadata.trees.map(({ place }) => place);
  const targets = placesToPaths(places, plan.inputs.paths, pathContext(plan, step.job));
  const out = targets.find((target) => linksOutOfWorkspace(target, step.job.workspace));
  if (out !== undefined)
    throw new SkippedTarget(
      `${out} is behind a symlink that leads out of the workspace. It is left unchanged, which counts as a miss.`,
    );
  const link = targets.find((target) => isLink(target) && !linksIntoStore(target, plan.root));
  if (link !== undefined)
    throw new SkippedTarget(`${link} is a symlink. It is left unchanged, which counts as a miss.`);
  const occupied = plan.inputs.onExisting === 'fail' ? targets.find(isOccupied) : undefined;
  if (occupied !== undefined)
    throw new UserError(
      `${occupied} is not empty, and 'on-existing' is 'fail'. Remove it before this step, or set 'on-existing: replace'.`,
    );
  return targets;
}

/**
 * Restores an entry to its targets.
 * @param temporary the store is deleted when the step ends, so nothing in it is leased
 * @returns `undefined` if the entry was damaged or evicted; the user was told
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
  const result = restoreEntry(store, entry, targets.map(pathFromText), {
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
    step.log.info(`The entry ${key} was evicted while it was being read.`);
    return undefined;
  }
  if (result.outcome === 'broken') {
    const place = result.quarantined ? 'It was moved to quarantine' : 'It stays in the store';
    step.annotate(
      'warning',
      `The entry ${key} is damaged or incomplete: ${result.why}. ${place} and is not used.`,
    );
    return undefined;
  }
  if (result.lease !== undefined) held.lease = result.lease;
  held.trash.push(...result.trash);
  if ((result.newer ?? 0) > 0)
    step.log.info(
      `Cache: kept ${formatCount(result.newer ?? 0, 'file')} outside of the workspace, newer than in the entry ('on-existing: merge' would replace it)`,
    );
  if (result.left !== undefined && result.left.length > 0)
    step.log.info(
      `Cache: not restored, because something else is there or this user may not write there: ${formatPaths(result.left)}`,
    );
  for (const text of movedEnvironmentWarnings(entry, targets)) step.annotate('warning', text);
  return resultFor(entry, source, result);
}

/**
 * Returns how to treat existing files at a target. Files outside of the workspace belong to the machine, so they are
 * only added to, unless the input says otherwise or the target is a symlink that this action created. `merge` replaces
 * files there, but no symlinks or folders of the owner.
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
