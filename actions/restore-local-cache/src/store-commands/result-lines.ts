import { formatBytes, formatDuration } from '@runner-actions/core';
import type { CheckReport, EvictionResult, StoreReport } from '@runner-actions/store';
import { formatCount } from '../report/format-lists.ts';

type Unremoved = EvictionResult['left'][number];
type Usage = StoreReport['usage'];

/** How many items of a list are printed. */
const maxListed = 20;

/** Replaces control characters: names come from untrusted users, and terminals execute control sequences. */
function sanitize(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

function sizeOf(left: readonly Unremoved[]): string {
  return formatBytes(left.reduce((sum, { bytes }) => sum + bytes, 0));
}

function listUnremoved(left: readonly Unremoved[]): string[] {
  const lines = left
    .slice(0, maxListed)
    .map(({ path, reason }) => `  ${sanitize(path)}: ${sanitize(reason)}`);
  return left.length > maxListed ? [...lines, `  and ${left.length - maxListed} more`] : lines;
}

/** Returns lines about folders that this user could not remove, and who can remove them. */
export function unremovedLines(left: readonly Unremoved[]): string[] {
  if (left.length === 0) return [];
  return [
    `${formatCount(left.length, 'folder')} of the store could not be removed (${sizeOf(left)}). Their owner or root can remove them with gc (restore-local-cache/store):`,
    ...listUnremoved(left),
  ];
}

/** Returns lines about folders that could not be read, so that no figure includes them. */
function unreadLines({ unread, unreadFolders, unreadElsewhere }: Usage): string[] {
  const copies = copyLines(unreadFolders - unreadElsewhere, 'not counted');
  if (unreadElsewhere === 0) return copies;
  const more = unreadElsewhere > unread.length ? ', of which the first are' : '';
  return [
    ...copies,
    `${formatCount(unreadElsewhere, 'folder')} could not be read and are not counted. Root can remove them, or change their owner to the user of the store (chown)${more}:`,
    ...listUnremoved(unread),
  ];
}

/** Returns a line about ready copies that cannot be read: in a store of a group, each user owns their ready copies. */
function copyLines(folders: number, what: string): string[] {
  if (folders === 0) return [];
  return [
    `${formatCount(folders, 'folder')} in ready copies of other users cannot be read by this user: ${what}`,
  ];
}

export function statisticsLines(root: string, { statistics, usage }: StoreReport, now: number): string[] {
  const { entries, bytes, copies, copyBytes, held, quarantined } = statistics;
  return [
    `${sanitize(root)}: ${formatCount(entries, 'entry', 'entries')}, ${formatBytes(bytes)}; ${formatCount(copies, 'ready copy', 'ready copies')}, ${formatBytes(copyBytes)}; ${held} in use; ${quarantined} in quarantine`,
    ...statistics.repositories.map(
      ({ repository, lastUse, ...own }) =>
        `  ${sanitize(repository) || '(unreadable)'}: ${formatCount(own.entries, 'entry', 'entries')}, ${formatBytes(own.bytes)}, last used ${formatDuration(Math.max(0, now - lastUse))} ago`,
    ),
    diskLine(usage),
    ...leftoverLines(usage),
    ...unreadLines(usage),
  ];
}

/** Counts as `du` does: in blocks, and each hard-linked file once. */
function diskLine({ totalBytes, parts }: Usage): string {
  const each = Object.entries(parts).map(([part, bytes]) => `${part} ${formatBytes(bytes)}`);
  return `On the disk (as du counts): ${formatBytes(totalBytes)}; ${each.join(', ')}`;
}

function leftoverLines({ leftovers, stuck }: Usage): string[] {
  if (leftovers.folders === 0) return [];
  const line = `${formatCount(leftovers.folders, 'folder')} left by dead jobs, ${formatBytes(leftovers.bytes)}, which gc removes`;
  if (stuck.length === 0) return [line];
  return [
    `${line}, except ${stuck.length} (${sizeOf(stuck)}) that this user cannot remove. Their owner or root can:`,
    ...listUnremoved(stuck),
  ];
}

export function collectedLines(collected: EvictionResult, usage: Usage, dryRun: boolean): string[] {
  const { evicted, spared, debris, bytes, left } = collected;
  const verb = dryRun ? 'would be removed' : 'removed';
  return [
    `${formatCount(evicted.length, 'entry or copy', 'entries and copies')} ${verb}, ${formatBytes(bytes)}; ${formatCount(debris, 'folder')} left by dead jobs ${verb}; the store uses ${formatBytes(usage.totalBytes)} on the disk`,
    ...evicted.map(
      ({ kind, key, repository, bytes: size, why }) =>
        `  ${verb}: ${kind} ${sanitize(JSON.stringify(key ?? '(unreadable)'))} of ${sanitize(repository) || 'nobody'}, ${formatBytes(size)} (${why})`,
    ),
    ...sparedLines(spared),
    ...unremovedLines(left),
    ...unreadLines(usage),
  ];
}

function sparedLines(spared: number): string[] {
  if (spared === 0) return [];
  const [are, were] = spared === 1 ? ['is', 'was'] : ['are', 'were'];
  return [
    `${formatCount(spared, 'entry or copy', 'entries and copies')} ${are} over the limits, but ${were} used in the last ten minutes: not removed`,
  ];
}

function undigestedLines({ entries, withoutDigests }: CheckReport): string[] {
  if (withoutDigests === 0) return [];
  const [have, their] = withoutDigests === 1 ? ['has', 'its'] : ['have', 'their'];
  return [
    `${withoutDigests} of ${formatCount(entries, 'entry', 'entries')} ${have} no digests (saved without 'verify: full' or 'pinned'): ${their} content was not compared`,
  ];
}

export function checkedLines(checked: CheckReport, full: boolean): string[] {
  const { entries, copies, unreadCopies, problems } = checked;
  return [
    `${formatCount(entries, 'entry', 'entries')} and ${formatCount(copies, 'ready copy', 'ready copies')} checked${full ? ' with their content' : ''}: ${formatCount(problems.length, 'problem')}`,
    ...problems.map(
      ({ folder, key, what, done }) =>
        `  ${sanitize(key === undefined ? folder : JSON.stringify(key))}: ${sanitize(what)} (${done})`,
    ),
    ...undigestedLines(checked),
    ...copyLines(unreadCopies, 'not checked'),
  ];
}
