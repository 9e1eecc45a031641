import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from './store.ts';
import { openRecord, removeRecord, tryReadRecord, writeRecord } from './records.ts';

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
export function addToEstimate({ root }: Store, bytes: number): void {
  try {
    const file = openRecord(join(root, 'grown'));
    try {
      writeSync(file, `${bytes}\n`);
    } finally {
      closeSync(file);
    }
  } catch {
    // On a full disk room is made anyway.
  }
}

/** Notes the size of a store that was looked at. What is added meanwhile counts from then on. @throws as `removeRecord` */
export function resetEstimate({ root }: Store, bytes: number): void {
  removeRecord(join(root, 'grown'));
  writeRecord(join(root, 'counted'), JSON.stringify({ bytes, countedAt: Date.now() }));
}

/** Bytes of either file: what is larger is none of ours, and all of the store is looked at before long. */
const maxBytes = 1 << 24;

export function readEstimate({ root }: Store): Estimate {
  const { bytes, countedAt } = tryReadRecord(join(root, 'counted'), maxBytes, parseCount) ?? {
    bytes: 0,
    countedAt: 0,
  };
  const grown = tryReadRecord(join(root, 'grown'), maxBytes, (text) =>
    text.split('\n').reduce((sum, line) => sum + (Number(line) || 0), 0),
  );
  return { bytes: bytes + (grown ?? 0), countedAt };
}

/** A time to come would keep the store from being looked at. */
function parseCount(text: string): Estimate | undefined {
  const { bytes, countedAt } = JSON.parse(text) as Estimate;
  return Number.isFinite(bytes) && countedAt <= Date.now() ? { bytes, countedAt } : undefined;
}
