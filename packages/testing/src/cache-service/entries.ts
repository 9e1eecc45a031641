import type { Scope } from './token.ts';

/** A cache entry: complete, or reserved for an upload. */
export interface CacheEntry {
  key: string;
  version: string;
  scope: string;
  body: Buffer;
  /** Uploaded blocks by their id. The block list later puts them together. */
  blocks: Map<string, Buffer>;
  /** Whether the upload is complete. */
  done: boolean;
}

/**
 * Finds the entry that GitHub returns. In each scope, in order, it looks for:
 * 1. the key itself;
 * 2. the newest entry that begins with the key;
 * 3. the newest entry that begins with a restore key, in their order.
 *
 * Source: GitHub's page "Dependency caching reference".
 */
export function findEntry(
  entries: readonly CacheEntry[],
  scopes: readonly Scope[],
  { keys, version }: { keys: readonly string[]; version: string },
): CacheEntry | undefined {
  for (const { Scope: scope, Permission: permission } of scopes) {
    if ((permission & 1) === 0) continue;
    const candidates = entries.filter(
      (entry) => entry.done && entry.scope === scope && entry.version === version,
    );
    const exact = candidates.find(({ key }) => key === keys[0]);
    const prefixed = keys.map((prefix) => candidates.findLast(({ key }) => key.startsWith(prefix)));
    const found = exact ?? prefixed.find((entry) => entry !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the scope to which a run saves, or `undefined` if it may not save. */
export function writableScope(scopes: readonly Scope[]): string | undefined {
  return scopes.find(({ Permission }) => (Permission & 2) !== 0)?.Scope;
}
