import { codeSpan, formatBytes, formatDuration } from '@runner-actions/core';
import type { Evicted } from '@runner-actions/store';
import type { Found } from './restore.ts';
import type { Saved } from './save.ts';

/** `cache-hit` as `actions/cache` sets it: empty on a miss, `false` for a restore key. */
export function cacheHit(found: Found, key: string): '' | 'true' | 'false' {
  if (found.matchedKey === undefined) return '';
  return found.matchedKey === key ? 'true' : 'false';
}

/** One line for the log and the summary. */
export function restoreLine(found: Found, key: string, milliseconds: number, lookupOnly: boolean): string {
  if (found.matchedKey === undefined)
    return `Cache: nothing found for ${codeSpan(key)}, after ${formatDuration(milliseconds)}`;
  const what =
    found.matchedKey === key ? codeSpan(key) : `${codeSpan(found.matchedKey)} for ${codeSpan(key)}`;
  const size = found.source === 'local' ? `, ${found.files} files, ${formatBytes(found.bytes)}` : '';
  const from = found.source === 'local' ? 'this machine’s disk' : 'GitHub';
  return `Cache: ${lookupOnly ? 'found' : 'restored'} ${what} from ${from}${size} in ${formatDuration(milliseconds)}`;
}

export function saveLine(saved: Saved, key: string, milliseconds: number): string {
  const places = [
    saved.local === 'saved' ? 'this machine’s disk' : '',
    saved.github === 'saved' ? 'GitHub' : '',
  ].filter(Boolean);
  if (places.length > 0)
    return `Cache: saved ${codeSpan(key)} to ${places.join(' and ')} in ${formatDuration(milliseconds)}`;
  return `Cache: nothing saved (${saved.local === 'exists' ? 'another job saved the key meanwhile' : saved.why})`;
}

export function evictionLine({ entries, bytes }: Evicted): string {
  return `Cache: ${entries} ${entries === 1 ? 'entry' : 'entries'} evicted, ${formatBytes(bytes)}, the least recently used first`;
}
