import { codeSpan, formatBytes, formatDuration } from '@runner-actions/core';
import type { RestoreResult } from '../restore/restore-result.ts';
import { levelNames } from '../levels/level.ts';
import { formatCount } from './format-lists.ts';
import type { Evicted } from '../save/enforce-bounds.ts';
import type { SaveResult } from '../save/should-save.ts';

/** `cache-hit` as `actions/cache` sets it: empty on a miss, `false` for a restore key. */
export function cacheHit(found: RestoreResult, key: string): '' | 'true' | 'false' {
  if (found.matchedKey === undefined) return '';
  return found.matchedKey === key ? 'true' : 'false';
}

const levelTitles = { local: 'this machine’s disk', shared: 'the shared level', github: 'GitHub', none: '' };

/**
 * Returns the result of a restore as one line for the log and the summary: key, source, mode, size, duration, and the
 * time that GitHub took for the same entry.
 * @param reason formats a reason, which may quote a server: the summary needs it escaped
 */
export function restoreLine(
  found: RestoreResult,
  key: string,
  milliseconds: number,
  lookupOnly: boolean,
  reason: (text: string) => string = (text) => text,
): string {
  const why = reason(found.why);
  if (found.matchedKey === undefined)
    return `Cache: nothing found for ${codeSpan(key)} after ${formatDuration(milliseconds)} (${why})`;
  const what =
    found.matchedKey === key ? codeSpan(key) : `${codeSpan(found.matchedKey)} for ${codeSpan(key)}`;
  const from = levelTitles[found.source];
  if (lookupOnly) return `Cache: found ${what} at ${from} after ${formatDuration(milliseconds)}`;
  const size = `${formatCount(found.files, 'file')}, ${formatBytes(found.bytes)}`;
  const mode = found.mode === undefined ? '' : ` by ${found.mode} (${why})`;
  const github =
    found.source !== 'github' && found.githubMilliseconds !== undefined
      ? `; from GitHub it took ${formatDuration(found.githubMilliseconds)}`
      : '';
  return `Cache: restored ${what} from ${from}${mode}, ${size} in ${formatDuration(milliseconds)}${github}`;
}

export function saveLine(saved: SaveResult, key: string, milliseconds: number): string {
  const places = levelNames.filter((level) => saved[level] === 'saved').map((level) => levelTitles[level]);
  if (places.length > 0)
    return `Cache: saved ${codeSpan(key)} to ${places.join(' and ')} in ${formatDuration(milliseconds)}`;
  const exists = levelNames.some((level) => saved[level] === 'exists');
  if (exists) return 'Cache: nothing saved (the key already exists)';
  const failed = levelNames.some((level) => saved[level] === 'failed');
  return `Cache: nothing saved (${failed ? 'see the warning' : saved.why})`;
}

export function evictionLine({ entries, bytes }: Evicted): string {
  return `Cache: ${formatCount(entries, 'entry or copy', 'entries and copies')} evicted, ${formatBytes(bytes)}, the least recently used first`;
}
