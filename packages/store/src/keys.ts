import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
  renameSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** A key that was saved once; its entry may be gone since. */
export interface KeyRecord {
  key: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** The index of a version's folder, for prefixes: one file, however many entries there are. */
const nameOf = (folder: string): string => join(folder, 'keys');

/**
 * Adds a key before its entry is published, so that no entry is ever without. A line each, appended by one call; a new line
 * before it parts it from one that was cut off.
 */
export function recordKey(folder: string, { key, createdAt }: KeyRecord): void {
  const line = `\n${JSON.stringify([createdAt, key])}\n`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const file = openSync(nameOf(folder), 'a', 0o660);
    try {
      writeSync(file, line);
      // Where the index was written anew meanwhile, the line went to the old one.
      if (fstatSync(file).ino === statSync(nameOf(folder), { throwIfNoEntry: false })?.ino) return;
    } finally {
      closeSync(file);
    }
  }
}

/** The keys that begin with `prefix`, each once, the newest first. Damaged lines are passed over. */
export function keysWith(folder: string, prefix: string): KeyRecord[] {
  const found = new Map<string, number>();
  for (const { key, createdAt } of readKeys(folder))
    if (key.startsWith(prefix)) found.set(key, Math.max(createdAt, found.get(key) ?? 0));
  return [...found]
    .map(([key, createdAt]) => ({ key, createdAt }))
    .sort((one, other) => other.createdAt - one.createdAt);
}

export function readKeys(folder: string): KeyRecord[] {
  let text: string;
  try {
    text = readFileSync(nameOf(folder), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const [createdAt, key] = JSON.parse(line) as [unknown, unknown];
      return typeof createdAt === 'number' && typeof key === 'string' ? [{ key, createdAt }] : [];
    } catch {
      return [];
    }
  });
}

/** Writes the index anew with what is there. */
export function rewriteKeys(folder: string, records: readonly KeyRecord[]): void {
  const draft = `${nameOf(folder)}.${randomUUID()}`;
  const lines = records.map(({ key, createdAt }) => `${JSON.stringify([createdAt, key])}\n`);
  writeFileSync(draft, lines.join(''), { mode: 0o660 });
  renameSync(draft, nameOf(folder));
}
