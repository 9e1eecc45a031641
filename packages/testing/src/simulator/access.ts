import { type Call, refuse, type Reply } from './exchange.ts';
import type { Fleet, FleetRepository, FleetToken } from './fleet.ts';

/** What a route demands, for example `{ permission: 'actions', level: 'read' }`. */
export interface Demand {
  permission: string;
  level: 'read' | 'write';
  /** Also for the public parts of GitHub: a public repository may be read with any token, or none. */
  publicToo?: boolean;
}

export interface Caller {
  value?: string;
  token?: FleetToken;
}

/** Who sends the request, or a 401 for a token that GitHub does not know. */
export function identify(fleet: Fleet, authorization: string | undefined): Caller | Reply {
  const value = authorization?.replace(/^(bearer|token)\s+/i, '');
  if (value === undefined || value === '') return {};
  const token = fleet.tokens[value];
  return token === undefined ? refuse(401, 'Bad credentials') : { value, token };
}

/**
 * Why the caller may not: 404 for what it cannot see, 401 for a stranger, 403 with the permission that is missing.
 * `undefined` when it may.
 */
export function deny(call: Call, demand: Demand | undefined, { token }: Caller): Reply | undefined {
  const { owner, org, enterprise, repo } = call.parameters;
  if (!ownsIt(call.fleet, owner, org, enterprise)) return refuse(404, 'Not Found');
  if (repo !== undefined && !sees(call.repository, token)) return refuse(404, 'Not Found');
  if (demand === undefined) return undefined;
  const open = demand.publicToo === true && call.repository?.private !== true;
  if (open && demand.level === 'read') return undefined;
  if (token === undefined) return refuse(401, 'Requires authentication');
  const held = token.permissions?.[demand.permission];
  if (held === 'write' || held === demand.level) return undefined;
  return refuse(403, 'Resource not accessible by integration', {
    'x-accepted-github-permissions': `${demand.permission}=${demand.level}`,
  });
}

function ownsIt(fleet: Fleet, owner?: string, organization?: string, enterprise?: string): boolean {
  const { login, kind } = fleet.owner;
  if (owner !== undefined && !same(owner, login)) return false;
  if (organization !== undefined && (kind === 'user' || !same(organization, login))) return false;
  return enterprise === undefined || (fleet.enterprise !== undefined && same(enterprise, fleet.enterprise));
}

function sees(repository: FleetRepository | undefined, token: FleetToken | undefined): boolean {
  if (repository === undefined) return false;
  if (repository.private !== true) return true;
  return token !== undefined && (token.repositories?.some((name) => same(name, repository.name)) ?? true);
}

/** GitHub's names are compared without regard to case. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
