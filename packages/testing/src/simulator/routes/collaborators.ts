import { isSameName } from '../access.ts';
import { type Call, errorReply, type Reply } from '../exchange.ts';
import type { FleetCollaborator } from '../fleet.ts';
import { renderUser } from '../render/user.ts';
import type { Route } from '../route.ts';

/** Source: https://docs.github.com/rest/collaborators/collaborators */
export const collaboratorRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    requiredPermission: { permission: 'metadata', level: 'read' },
    handle: readPermission,
  },
];

/** Roles, the lowest first. Each has the rights of those before it. */
const roles = ['read', 'triage', 'write', 'maintain', 'admin'] as const;
/** The names that these roles have in the rights of a user. */
const rights = ['pull', 'triage', 'push', 'maintain', 'admin'] as const;

function readPermission({ repository, request, parameters }: Call): Reply {
  const { username = '' } = parameters;
  if (username.endsWith('[bot]')) return errorReply(404, `${username} is not a user`);
  const found = repository?.collaborators?.find(({ login }) => isSameName(login, username));
  const role = found?.role ?? (repository?.private === true ? undefined : 'read');
  const permissions = Object.fromEntries(
    rights.map((right, index) => [right, role !== undefined && roles.indexOf(role) >= index]),
  );
  const name = role ?? 'none';
  return {
    status: 200,
    json: {
      permission: legacyRoleOf(name),
      role_name: name,
      user: {
        ...renderUser(request.baseUrl, found?.login ?? username, found?.id),
        permissions,
        role_name: name,
      },
    },
  };
}

function legacyRoleOf(role: FleetCollaborator['role'] | 'none'): string {
  if (role === 'maintain') return 'write';
  return role === 'triage' ? 'read' : role;
}
