import { type Call, errorReply, type Reply } from './exchange.ts';
import type { Fleet, FleetRepository, FleetToken } from './fleet.ts';

/** The permission that a route requires, for example `{ permission: 'actions', level: 'read' }`. */
export interface RequiredPermission {
  permission: string;
  level: 'read' | 'write';
  /** Allows reading a public repository with any token, or without one. */
  publicReadAllowed?: boolean;
}

/** The sender of a request. Both fields are missing if the request has no token. */
export interface Caller {
  /** The token as text. */
  value?: string;
  token?: FleetToken;
}

/** Returns the sender of a request, or a 401 reply for a token that is not in the fleet. */
export function identifyCaller(fleet: Fleet, authorization: string | undefined): Caller | Reply {
  const value = authorization?.replace(/^(bearer|token)\s+/i, '');
  if (value === undefined || value === '') return {};
  const token = fleet.tokens[value];
  return token === undefined ? errorReply(401, 'Bad credentials') : { value, token };
}

/**
 * Checks whether the caller may use a route.
 * @returns `undefined` if it may. Otherwise 404 if the caller cannot see the resource, 401 if it has no token, and 403
 * with the missing permission.
 */
export function checkAccess(
  call: Call,
  required: RequiredPermission | undefined,
  { token }: Caller,
): Reply | undefined {
  const { owner, org, enterprise, repo } = call.parameters;
  if (!ownerExists(call.fleet, owner, org, enterprise)) return errorReply(404, 'Not Found');
  if (repo !== undefined && !canSee(call.repository, token)) return errorReply(404, 'Not Found');
  if (required === undefined) return undefined;
  const isPublic = required.publicReadAllowed === true && call.repository?.private !== true;
  if (isPublic && required.level === 'read') return undefined;
  if (token === undefined) return errorReply(401, 'Requires authentication');
  // Every token may read metadata.
  const granted = required.permission === 'metadata' ? 'read' : token.permissions?.[required.permission];
  if (granted === 'write' || granted === required.level) return undefined;
  return errorReply(403, 'Resource not accessible by integration', {
    'x-accepted-github-permissions': `${required.permission}=${required.level}`,
  });
}

function ownerExists(fleet: Fleet, owner?: string, organization?: string, enterprise?: string): boolean {
  const { login, kind } = fleet.owner;
  if (owner !== undefined && !isSameName(owner, login)) return false;
  if (organization !== undefined && (kind === 'user' || !isSameName(organization, login))) return false;
  return (
    enterprise === undefined || (fleet.enterprise !== undefined && isSameName(enterprise, fleet.enterprise))
  );
}

function canSee(repository: FleetRepository | undefined, token: FleetToken | undefined): boolean {
  if (repository === undefined) return false;
  if (repository.private !== true) return true;
  return (
    token !== undefined && (token.repositories?.some((name) => isSameName(name, repository.name)) ?? true)
  );
}

/** Compares two names. GitHub ignores upper and lower case in names. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
