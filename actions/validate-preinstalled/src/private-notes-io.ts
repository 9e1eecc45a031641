import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, parseJson, writeFileAtomic } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';

/** Texts by key that a runner keeps from job to job. */
export interface PrivateNotes {
  get(key: string): string | undefined;
  /** Keeps a text for later jobs. If that fails, they find nothing and check again. */
  keep(key: string, text: string): Promise<void>;
}

/** Number of notes, and bytes of their file. */
const maxNotes = 1_000;
const limitBytes = 2 ** 20;
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Opens the notes of earlier jobs of this runner. They are in `_work`, in a folder that only the runner's user can
 * write. What others could have written is not believed, and is left alone.
 * @param subject the name of the file
 */
export function openNotes(
  job: Pick<Job, 'temp' | 'workspace' | 'toolCache'>,
  subject: 'digests' | 'verified',
): PrivateNotes {
  const folder = join(runnerFolders(job).work, '_runner-actions-checks');
  const path = join(folder, `${subject}.json`);
  const notes = isPrivateFolder(folder) ? readNotes(path) : new Map<string, string>();
  return {
    get: (key) => notes.get(key),
    keep: async (key, text) => {
      notes.delete(key);
      notes.set(key, text);
      try {
        makeFolder(folder);
        if (!isPrivateFolder(folder)) return;
        const kept = [...notes].slice(-maxNotes);
        while (JSON.stringify(kept).length > limitBytes) kept.splice(0, Math.ceil(kept.length / 2));
        await writeFileAtomic(path, JSON.stringify(kept), { mode: 0o600 });
      } catch {
        // A full or read-only disk changes no result.
      }
    },
  };
}

function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { mode: 0o700 });
}

/** On Windows, a folder in the runner's own folder has the rights of that. */
function isPrivate({ uid, mode }: { uid: number; mode: number }): boolean {
  return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o022) === 0);
}

function isPrivateFolder(folder: string): boolean {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && isPrivate(entry);
}

function readNotes(path: string): Map<string, string> {
  try {
    const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const entry = fstatSync(file);
      if (!entry.isFile() || entry.size > limitBytes || !isPrivate(entry)) return new Map();
      const listed = parseJson(readFileSync(file, 'utf8'));
      return new Map(Array.isArray(listed) ? listed.filter(isNote) : []);
    } finally {
      closeSync(file);
    }
  } catch {
    return new Map();
  }
}

function isNote(item: unknown): item is [string, string] {
  return Array.isArray(item) && item.length === 2 && item.every((part) => typeof part === 'string');
}
