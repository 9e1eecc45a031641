import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from './layout.ts';

/** What is known of a store's size without looking at all of it. */
export interface Estimate {
  /** Bytes of entries and copies: at least so many were there, or were added since. */
  bytes: number;
  /** When all of it was looked at last, in milliseconds since the epoch; 0: never. */
  countedAt: number;
}

/**
 * Notes that an entry or a copy was added. A large store takes seconds to be looked at, so that is only done when what was
 * counted then, and what was added since, may be too much.
 */
export function noteGrowth({ root }: Store, bytes: number): void {
  try {
    appendFileSync(join(root, 'grown'), `${bytes}\n`, { mode: 0o660 });
  } catch {
    // On a full disk room is made anyway.
  }
}

/** Notes the size of a store that was looked at. What is added meanwhile counts from then on. */
export function noteCount({ root }: Store, bytes: number): void {
  rmSync(join(root, 'grown'), { force: true });
  writeFileSync(join(root, 'counted'), JSON.stringify({ bytes, countedAt: Date.now() }), { mode: 0o660 });
}

export function estimateOf({ root }: Store): Estimate {
  const counted = read(join(root, 'counted'), (text) => JSON.parse(text) as Estimate);
  const grown = read(join(root, 'grown'), (text) =>
    text.split('\n').reduce((sum, line) => sum + (Number(line) || 0), 0),
  );
  return { bytes: (counted?.bytes ?? 0) + (grown ?? 0), countedAt: counted?.countedAt ?? 0 };
}

function read<T>(path: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
