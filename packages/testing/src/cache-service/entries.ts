import type { Scope } from './token.ts';

export interface Stored {
  key: string;
  version: string;
  scope: string;
  body: Buffer;
  /** Blocks that were put and not listed yet. */
  blocks: Map<string, Buffer>;
  done: boolean;
}

/**
 * The entry that GitHub answers with: scope by scope, in each the key itself, then the newest that begins with it, then with
 * each restore key. Source: GitHub's page "Dependency caching reference".
 */
export function match(
  entries: readonly Stored[],
  scopes: readonly Scope[],
  { keys, version }: { keys: readonly string[]; version: string },
): Stored | undefined {
  for (const { Scope: scope, Permission: permission } of scopes) {
    if ((permission & 1) === 0) continue;
    const there = entries.filter((entry) => entry.done && entry.scope === scope && entry.version === version);
    const exact = there.find(({ key }) => key === keys[0]);
    const prefixed = keys.map((prefix) => there.findLast(({ key }) => key.startsWith(prefix)));
    const found = exact ?? prefixed.find((entry) => entry !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a run saves; `undefined`: nowhere. */
export function writableScope(scopes: readonly Scope[]): string | undefined {
  return scopes.find(({ Permission }) => (Permission & 2) !== 0)?.Scope;
}
