import { closeSync, fstatSync, lstatSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safePath, withSafePaths, safeFolder } from './safe-paths.ts';
import { setGroup } from './layout.ts';
import { type Store } from './store.ts';
import { removeEmptyFolder, openRecord, tryReadRecord, writeRecord } from './records.ts';
import { dropStaging, makeStaging } from './staging.ts';

/** A key that was saved once; its entry may be gone since. */
interface KeyRecord {
  key: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** Bytes of an index: 100,000 keys and more. A larger one is not read, and the next eviction writes it anew. */
const maxBytes = 1 << 24;
/** Keys: what comes after so many is not read. Each has two lines, of which one is empty. */
const maxKeys = 1 << 18;
/** Lines that are none of ours: each killed process leaves one. What comes after so many is not read either. */
const maxDamaged = 1000;

/** The index of a version's folder, for prefixes: one file, however many entries there are. */
const nameOf = (folder: string): string => join(folder, 'keys');

/**
 * Adds a key, and publishes its entry once it is there, so that no entry is ever without. Where there is nothing to publish, a folder
 * that is gone needs no key.
 * @throws Error with code ENOENT when the folder is not there, and nothing was published
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
 * A line each, appended by one call; a new line before it parts it from one that was cut off.
 * @returns false where the index was written anew meanwhile: the line went to the old one
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

/** A folder that goes meanwhile holds no entries, and needs no index. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
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

/** Writes the index anew with what is there. @throws as `removeEmptyFolder` */
export function rewriteKeys(store: Store, folder: string, records: readonly KeyRecord[]): void {
  const staging = makeStaging(store);
  try {
    withSafePaths(() => rewriteIn(store, safeFolder(store, staging), folder, records));
  } finally {
    dropStaging(staging);
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
