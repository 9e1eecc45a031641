import { formatBytes, formatDuration } from '@runner-actions/core';
import type { Checked, Collected, Survey } from '@runner-actions/store';
import { formatCount } from '../report/format-lists.ts';

type Unremoved = Collected['left'][number];
type Usage = Survey['usage'];

/** How many of many are listUnremoved. */
const maxListed = 20;

/** Names are strangers' words, and a terminal obeys control characters. */
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

/** What this user could not remove, and who can. */
export function unremovedLines(left: readonly Unremoved[]): string[] {
  if (left.length === 0) return [];
  return [
    `${formatCount(left.length, 'folder')} of the store could not be removed, ${sizeOf(left)}. The user that they belong to, or root, removes them by gc (restore-local-cache/store):`,
    ...listUnremoved(left),
  ];
}

/** What could not be looked at, so that no figure has it. */
function unreadLines({ unread, unreadFolders, unreadElsewhere }: Usage): string[] {
  const copies = copyLines(unreadFolders - unreadElsewhere, 'count nothing');
  if (unreadElsewhere === 0) return copies;
  const more = unreadElsewhere > unread.length ? ', of which the first are' : '';
  return [
    ...copies,
    `${formatCount(unreadElsewhere, 'folder')} could not be read, and count nothing. Root can remove them, or give them to the user of the store (chown)${more}:`,
    ...listUnremoved(unread),
  ];
}

/** In a group's store they are each user's own. */
function copyLines(folders: number, what: string): string[] {
  if (folders === 0) return [];
  return [
    `${formatCount(folders, 'folder')} in ready copies of other users may not be read by this one: ${what}`,
  ];
}

export function statisticsLines(root: string, { statistics, usage }: Survey, now: number): string[] {
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

/** As `du` counts: blocks, and what has several names once. */
function diskLine({ totalBytes, parts }: Usage): string {
  const each = Object.entries(parts).map(([part, bytes]) => `${part} ${formatBytes(bytes)}`);
  return `On the disk (as du counts): ${formatBytes(totalBytes)}; ${each.join(', ')}`;
}

function leftoverLines({ leftovers, stuck }: Usage): string[] {
  if (leftovers.folders === 0) return [];
  const line = `${formatCount(leftovers.folders, 'folder')} of dead jobs in it, ${formatBytes(leftovers.bytes)}, which gc removes`;
  if (stuck.length === 0) return [line];
  return [
    `${line}, but for ${stuck.length}, ${sizeOf(stuck)}, that this user cannot. The user that they belong to, or root, can:`,
    ...listUnremoved(stuck),
  ];
}

export function collectedLines(collected: Collected, usage: Usage, dryRun: boolean): string[] {
  const { evicted, spared, debris, bytes, left } = collected;
  const verb = dryRun ? 'would go' : 'went';
  return [
    `${formatCount(evicted.length, 'entry or copy', 'entries and copies')} ${verb}, ${formatBytes(bytes)}; ${formatCount(debris, 'folder')} of dead jobs ${dryRun ? 'would be removed' : 'removed'}; the store has ${formatBytes(usage.totalBytes)} on the disk`,
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
    `${formatCount(spared, 'entry or copy', 'entries and copies')} ${are} over the bounds, but ${were} used in the last ten minutes: not removed`,
  ];
}

function undigestedLines({ entries, withoutDigests }: Checked): string[] {
  if (withoutDigests === 0) return [];
  const [have, their] = withoutDigests === 1 ? ['has', 'its'] : ['have', 'their'];
  return [
    `${withoutDigests} of ${formatCount(entries, 'entry', 'entries')} ${have} no digests (saved without 'verify: full' or 'pinned'): ${their} content was not compared`,
  ];
}

export function checkedLines(checked: Checked, full: boolean): string[] {
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
