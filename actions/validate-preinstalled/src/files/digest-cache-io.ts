import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, parseJson, writeFileAtomic } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';

/** Digests of files by their identity. See `PathFacts.identity`. */
export interface DigestCache {
  get(identity: string): string | undefined;
  /** Keeps a digest for later jobs. If that fails, they compute it again. */
  keep(identity: string, digest: string): Promise<void>;
}

/** Number of digests, and bytes of their file. */
const maxDigests = 1_000;
const limitBytes = 2 ** 20;
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Opens the digests that earlier jobs of this runner computed. They are in `_work`, in a folder that only the runner's
 * user can write. What others could have written is not believed, and is left alone.
 */
export function openDigestCache(job: Pick<Job, 'temp' | 'workspace' | 'toolCache'>): DigestCache {
  const folder = join(runnerFolders(job).work, '_runner-actions-digests');
  const path = join(folder, 'digests.json');
  const digests = isPrivateFolder(folder) ? readDigests(path) : new Map<string, string>();
  return {
    get: (identity) => digests.get(identity),
    keep: async (identity, digest) => {
      digests.delete(identity);
      digests.set(identity, digest);
      try {
        makeFolder(folder);
        if (!isPrivateFolder(folder)) return;
        const kept = [...digests].slice(-maxDigests);
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

function readDigests(path: string): Map<string, string> {
  try {
    const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const entry = fstatSync(file);
      if (!entry.isFile() || entry.size > limitBytes || !isPrivate(entry)) return new Map();
      const listed = parseJson(readFileSync(file, 'utf8'));
      return new Map(Array.isArray(listed) ? listed.filter(isDigest) : []);
    } finally {
      closeSync(file);
    }
  } catch {
    return new Map();
  }
}

function isDigest(item: unknown): item is [string, string] {
  const [identity, digest] = Array.isArray(item) ? (item as unknown[]) : [];
  return typeof identity === 'string' && typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
}
