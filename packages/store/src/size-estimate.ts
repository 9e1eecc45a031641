import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from './store.ts';
import { openRecord, removeRecord, tryReadRecord, writeRecord } from './records.ts';

/** The estimated size of a store, known without a scan. */
export interface Estimate {
  /** Bytes of entries and copies: counted by the last scan, plus what was added since. */
  bytes: number;
  /** When the last full scan was, in milliseconds since the epoch. 0: never. */
  countedAt: number;
}

/**
 * Adds the size of a new entry or copy to the estimate. A scan of a large store takes seconds, so it only runs if the
 * estimate may exceed the bounds.
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
    // On a full disk, an eviction runs anyway.
  }
}

/**
 * Records the size after a scan. Later additions are added to it.
 * @throws as `removeRecord`
 */
export function resetEstimate({ root }: Store, bytes: number): void {
  removeRecord(join(root, 'grown'));
  writeRecord(join(root, 'counted'), JSON.stringify({ bytes, countedAt: Date.now() }));
}

/** Maximum bytes of either file. A larger one is ignored, and the store is scanned soon. */
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

/** A time in the future would prevent scans. */
function parseCount(text: string): Estimate | undefined {
  const { bytes, countedAt } = JSON.parse(text) as Estimate;
  return Number.isFinite(bytes) && countedAt <= Date.now() ? { bytes, countedAt } : undefined;
}
