import { formatBytes } from '@runner-actions/core';

/** Where an entry came from: the store of this machine, the shared level, or GitHub's cache. */
export const cacheLevels = ['local', 'shared', 'github'] as const;
export type CacheLevel = (typeof cacheLevels)[number];

/** What the steps of this job with `restore-local-cache` did. */
export interface CacheUse {
  /** Number of steps that looked for an entry. */
  lookups: number;
  /** Number of entries that were found, and their bytes, by the level that had them. */
  hits: Record<CacheLevel, number>;
  restoredBytes: Record<CacheLevel, number>;
  misses: number;
  /** Bytes that came from this machine, and not over the network. */
  networkSavedBytes: number;
  /** How long the steps took to restore. */
  seconds: number;
}

/** What a report says. */
interface CacheReport {
  source: CacheLevel | 'none';
  bytes: number;
  milliseconds: number;
}

/** Reads a report of `restore-local-cache`. A job can write to it, so it may hold anything. */
export function parseCacheReport(text: string): CacheReport | undefined {
  try {
    const { found, milliseconds } = JSON.parse(text) as {
      found?: Record<string, unknown>;
      milliseconds?: unknown;
    };
    const { source, bytes } = found ?? {};
    const isSource = source === 'none' || cacheLevels.some((level) => level === source);
    if (!isSource || !isCount(bytes) || !isCount(milliseconds)) return undefined;
    return { source: source as CacheReport['source'], bytes, milliseconds };
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value);

/** Adds up what the steps did; `undefined` if no step used a cache. */
export function cacheUseOf(reports: readonly CacheReport[]): CacheUse | undefined {
  if (reports.length === 0) return undefined;
  const use: CacheUse = {
    lookups: reports.length,
    hits: { local: 0, shared: 0, github: 0 },
    restoredBytes: { local: 0, shared: 0, github: 0 },
    ...{ misses: 0, networkSavedBytes: 0, seconds: 0 },
  };
  for (const { source, bytes, milliseconds } of reports) {
    use.seconds += milliseconds / 1000;
    if (source === 'none') {
      use.misses += 1;
      continue;
    }
    use.hits[source] += 1;
    use.restoredBytes[source] += bytes;
  }
  use.networkSavedBytes = use.restoredBytes.local;
  return use;
}

/** Says what the caches did, as plain text. */
export function cacheSentence({ lookups, hits, misses, restoredBytes, networkSavedBytes }: CacheUse): string {
  const names = { local: 'on this machine', shared: 'at the shared level', github: "in GitHub's cache" };
  const found = cacheLevels
    .filter((level) => hits[level] > 0)
    .map((level) => `${hits[level]} ${names[level]} (${formatBytes(restoredBytes[level])})`);
  const parts = [...found, ...(misses > 0 ? [`${misses} not found`] : [])];
  const saved = networkSavedBytes > 0 ? ` ${formatBytes(networkSavedBytes)} did not cross the network.` : '';
  return `Caches: of ${lookups} lookup${lookups === 1 ? '' : 's'}, ${parts.join(', ')}.${saved}`;
}
