import { closeSync, fstatSync, lstatSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safePath, withSafePaths, safeFolder } from './safe-paths.ts';
import { setGroup } from './layout.ts';
import { type Store } from './store.ts';
import { removeEmptyFolder, openRecord, tryReadRecord, writeRecord } from './records.ts';
import { removeStagingFolder, makeStaging } from './staging.ts';

/** A key that was saved once. Its entry may be gone. */
interface KeyRecord {
  key: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** Maximum bytes of an index: 100,000 keys and more. A larger one is not read, and the next eviction rebuilds it. */
const maxBytes = 1 << 24;
/** Maximum number of keys that are read. Each key has two lines, one of them empty. */
const maxKeys = 1 << 18;
/** Maximum number of damaged lines. Each killed process leaves one. The rest of the index is not read. */
const maxDamaged = 1000;

/** The index of a version's folder, for prefix searches: one file for any number of entries. */
const nameOf = (folder: string): string => join(folder, 'keys');

/**
 * Adds a key to the index, then publishes its entry: no entry is ever missing from the index. Without an entry to
 * publish, a folder that is gone needs no key.
 * @throws Error with code ENOENT if the folder is missing and nothing was published
 */
export function recordKey(store: Store, folder: string, record: KeyRecord, publish?: () => void): void {
  withSafePaths(() => {
    if (publish !== undefined && append(store, folder, record, publish)) return;
    unlessGone(() => {
      for (let attempt = 0; attempt < 10; attempt += 1) if (append(store, folder, record)) return;
    });
  });
}

/**
 * Appends a line with one call. A newline before it separates it from a line that was cut off.
 * @returns false if the index was rewritten meanwhile: the line is in the old one
 */
function append(store: Store, folder: string, { key, createdAt }: KeyRecord, publish?: () => void): boolean {
  const path = safePath(store, nameOf(folder));
  const file = openRecord(path);
  try {
    writeFileSync(file, `\n${JSON.stringify([createdAt, key])}\n`);
    publish?.();
    return fstatSync(file).ino === lstatSync(path, { throwIfNoEntry: false })?.ino;
  } finally {
    closeSync(file);
  }
}

/** A folder that was removed meanwhile holds no entries and needs no index. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Returns the keys that start with `prefix`, each once, newest first. Skips damaged lines. */
export function keysWith(folder: string, prefix: string): KeyRecord[] {
  const found = new Map<string, number>();
  for (const { key, createdAt } of readKeys(folder))
    if (key.startsWith(prefix)) found.set(key, Math.max(createdAt, found.get(key) ?? 0));
  return [...found]
    .map(([key, createdAt]) => ({ key, createdAt }))
    .sort((one, other) => other.createdAt - one.createdAt);
}

export function readKeys(folder: string): KeyRecord[] {
  const records: KeyRecord[] = [];
  let damaged = 0;
  const text = tryReadRecord(nameOf(folder), maxBytes, (all) => all) ?? '';
  const lines = text.split('\n', 2 * maxKeys).filter((line) => line !== '');
  for (const line of lines.slice(0, maxKeys)) {
    const record = parseKey(line);
    if (record !== undefined) records.push(record);
    else if ((damaged += 1) > maxDamaged) break;
  }
  return records;
}

function parseKey(line: string): KeyRecord | undefined {
  try {
    const [createdAt, key] = JSON.parse(line) as [unknown, unknown];
    return typeof createdAt === 'number' && typeof key === 'string' ? { key, createdAt } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Rewrites the index with these records.
 * @throws as `removeEmptyFolder`
 */
export function rewriteKeys(store: Store, folder: string, records: readonly KeyRecord[]): void {
  const staging = makeStaging(store);
  try {
    withSafePaths(() => rewriteIn(store, safeFolder(store, staging), folder, records));
  } finally {
    removeStagingFolder(staging);
  }
}

function rewriteIn(store: Store, staging: string, folder: string, records: readonly KeyRecord[]): void {
  const draft = nameOf(staging);
  const lines = records.map(({ key, createdAt }) => `${JSON.stringify([createdAt, key])}\n`);
  writeRecord(draft, lines.join(''));
  setGroup(store, draft, 0o660);
  const path = safePath(store, nameOf(folder));
  removeEmptyFolder(path);
  unlessGone(() => renameSync(draft, path));
}
