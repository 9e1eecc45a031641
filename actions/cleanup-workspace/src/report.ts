import { codeSpan, escapeMarkdown, formatBytes, table } from '@runner-actions/core';
import type { Cleaned } from './clean.ts';
import type { ItemName } from './item.ts';

/** Number of rows in a table of the summary. */
const maxRows = 30;

/** The items whose log also shows what stays. For the others, which may have many entries, the report does. */
const shown: readonly ItemName[] = ['processes', 'containers', 'workspace'];
/** The items whose names may be those of other repositories. The log of a public repository is public. */
const counted: readonly ItemName[] = [
  'temp',
  'images',
  'stale-repositories',
  'derived-data',
  'caches',
  'trash',
];

/** Formats a plan for the log, one line per step. */
export function planLines({ item, steps, sizes = [] }: Cleaned): string[] {
  const bytesOf = new Map(sizes.map(({ what, bytes }) => [what, bytes]));
  const lines = steps.filter(({ action }) => action === 'remove' || shown.includes(item));
  if (counted.includes(item)) {
    const bytes =
      sizes.length === 0 ? '' : ` (${formatBytes(sizes.reduce((sum, size) => sum + size.bytes, 0))})`;
    const count = lines.length === 1 ? '1 entry' : `${lines.length} entries`;
    return lines.length === 0 ? [] : [`remove ${count}${bytes}, by name in the report`];
  }
  return lines.map(({ action, what, why }) => {
    const bytes = bytesOf.get(what);
    const size = bytes === undefined ? '' : ` ${formatBytes(bytes)}`;
    return `${action.padEnd(6)} ${JSON.stringify(what)}${size} (${why})`;
  });
}

/**
 * Formats the summary: one sentence, notes, and a table of what a user must remove.
 * @param told notes that belong to no item
 */
export function renderSummary(cleaned: readonly Cleaned[], told: readonly string[], dryRun: boolean): string {
  const kept = keptEntries(cleaned);
  const keeps = kept === 0 ? '' : `, ${kept} kept`;
  const notes = [...told, ...cleaned.flatMap((one) => one.notes)]
    .map((note) => `\n${escapeMarkdown(note)}\n`)
    .join('');
  if (dryRun) return `### Clean-up: ${wouldRemove(cleaned)}${keeps} (dry run)\n${notes}`;
  const outcomes = cleaned.flatMap(({ outcome }) => outcome ?? []);
  const sum = (field: 'freedBytes' | 'removed') =>
    outcomes.reduce((total, outcome) => total + outcome[field], 0);
  const rest = outcomes.every(({ finished }) => finished)
    ? ''
    : '; the time budget was used up, and the next run removes the files that are left';
  const head = `### Clean-up: ${formatBytes(sum('freedBytes'))} freed, ${sum('removed')} removed${keeps}${rest}\n`;
  return `${head}${notes}${residueTable(outcomes.flatMap(({ residue }) => residue))}`;
}

/** Counts the entries of the workspace that stay. Other items also have steps that only inform. */
export function keptEntries(cleaned: readonly Cleaned[]): number {
  const steps = cleaned.find(({ item }) => item === 'workspace')?.steps ?? [];
  return steps.filter(({ action }) => action === 'keep').length;
}

function wouldRemove(cleaned: readonly Cleaned[]): string {
  const entries = cleaned.flatMap(({ steps }) => steps).filter(({ action }) => action === 'remove').length;
  const sizes = cleaned.flatMap((one) => one.sizes ?? []);
  const sum = (field: 'files' | 'bytes') => sizes.reduce((total, size) => total + size[field], 0);
  const least = sizes.length < entries ? 'at least ' : '';
  return `would remove ${least}${sum('files')} files in ${entries} entries, ${formatBytes(sum('bytes'))}`;
}

function residueTable(residue: readonly { path: string; reason: string }[]): string {
  if (residue.length === 0) return '';
  const rows = residue.slice(0, maxRows).map(({ path, reason }) => [codeSpan(path), escapeMarkdown(reason)]);
  const more = residue.length > maxRows ? `\n${residue.length - maxRows} more are in the report.\n` : '';
  return `\n${table(['Not removed', 'Why'], rows)}${more}`;
}
