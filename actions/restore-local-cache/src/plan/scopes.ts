import { cacheWritesOf, type TrustFacts } from '@runner-actions/core';

/**
 * The scopes (refs) whose entries a run may restore, in order, and the scope it saves to. Without a scope to save to,
 * the run may only read.
 */
export interface Scopes {
  read: string[];
  write: string | undefined;
  /** Whether the run may save entries that all runs restore, like entries of the default branch. */
  mayShare: boolean;
  /** For messages: where the scopes come from. */
  source: 'token' | 'event';
}

interface Payload {
  repository?: { default_branch?: string };
  pull_request?: { base?: { ref?: string } };
}

/** The facts about a run that decide about its caches. */
export interface RunFacts extends Omit<TrustFacts, 'allowed'> {
  ref: string;
  /** ACTIONS_RUNTIME_TOKEN. Its claim `ac` contains the run's scopes. */
  token: string | undefined;
  /** ACTIONS_CACHE_MODE. */
  mode: string | undefined;
}

type GrantedScopes = Omit<Scopes, 'mayShare'>;

/**
 * Returns the scopes of a run: those in GitHub's token, otherwise those computed from the event. Both are limited by
 * ACTIONS_CACHE_MODE and by what the event may save: some GitHub servers issue tokens that let untrusted runs write
 * the default branch's cache, and this machine outlives the run.
 * Sources: `@actions/cache`, `getCacheMode`; docker/build-push-action pull request 707 for the claim.
 */
export function scopesOf(run: RunFacts): Scopes {
  const { read, write, source } = scopesInToken(run.token) ?? scopesOfEvent(run);
  const mode = run.mode?.toLowerCase();
  const mayRead = mode !== 'none' && mode !== 'write-only';
  const isDenied = mode === 'none' || mode === 'read' || write === undefined;
  const writes = isDenied ? 'none' : cacheWritesOf(run, write);
  return {
    read: mayRead ? read : [],
    write: writes === 'none' ? undefined : write,
    mayShare: writes === 'default',
    source,
  };
}

/** Returns the scopes in the token. `undefined`: the token contains none that can be relied on. */
function scopesInToken(token: string | undefined): GrantedScopes | undefined {
  const scopes = parseScopesClaim(token)?.filter(
    ({ Scope, Permission }) =>
      typeof Scope === 'string' && Scope !== '' && [1, 2, 3].includes(Permission as number),
  ) as { Scope: string; Permission: 1 | 2 | 3 }[] | undefined;
  if (scopes === undefined || scopes.length === 0) return undefined;
  return {
    read: scopes.filter(({ Permission }) => Permission !== 2).map(({ Scope }) => Scope),
    write: scopes.find(({ Permission }) => Permission !== 1)?.Scope,
    source: 'token',
  };
}

function parseScopesClaim(
  token: string | undefined,
): { Scope?: unknown; Permission?: unknown }[] | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as {
      ac?: unknown;
    };
    const list: unknown = JSON.parse(String(claims.ac));
    const isList = Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null);
    return isList ? (list as { Scope?: unknown; Permission?: unknown }[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Applies GitHub's rule: a run restores from its own ref, then the base branch of the pull request, then the default
 * branch. It saves only under its own ref. Source: GitHub's page "Dependency caching reference", "Restrictions for
 * accessing a cache".
 */
function scopesOfEvent({ ref, payload }: RunFacts): GrantedScopes {
  const { repository, pull_request: pull } = (payload ?? {}) as Payload;
  const branch = (name: string | undefined) =>
    name === undefined || name === '' ? undefined : `refs/heads/${name}`;
  const read = [ref || undefined, branch(pull?.base?.ref), branch(repository?.default_branch)];
  return {
    read: [...new Set(read.filter((scope) => scope !== undefined))],
    write: ref || undefined,
    source: 'event',
  };
}
