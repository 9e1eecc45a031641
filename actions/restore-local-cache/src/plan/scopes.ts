import { cacheWritesOf, type TrustFacts } from '@runner-actions/core';

/** Which refs' entries a run may restore, in order, and under which it saves; none: it may only read. */
export interface Scopes {
  read: string[];
  write: string | undefined;
  /** It may save what all runs restore, as the default branch's entries are. */
  mayShare: boolean;
  /** For people: where this is known from. */
  source: 'token' | 'event';
}

interface Payload {
  repository?: { default_branch?: string };
  pull_request?: { base?: { ref?: string } };
}

/** What GitHub says of a run, as far as caches go. */
export interface RunFacts extends Omit<TrustFacts, 'allowed'> {
  ref: string;
  /** ACTIONS_RUNTIME_TOKEN, whose claim `ac` has the run's scopes. */
  token: string | undefined;
  /** ACTIONS_CACHE_MODE. */
  mode: string | undefined;
}

type GrantedScopes = Omit<Scopes, 'mayShare'>;

/**
 * The scopes of a run: those that GitHub put into its token, else computed from the event. Both within what the runner says
 * that caches may be used for, and what the event may save: not every GitHub that gives out tokens keeps strangers from the
 * default branch's cache, and the machine outlives the run. Sources: `@actions/cache`, `getCacheMode`;
 * docker/build-push-action pull request 707 for the claim.
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

/** `undefined` where the token says nothing that can be relied on. */
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
 * GitHub's rule: a run restores from its own ref, then a pull request's base branch, then the default branch, and saves
 * under its own ref alone. Source: GitHub's page "Dependency caching reference", "Restrictions for accessing a cache".
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
