import { type Call, errorReply, type Reply } from '../exchange.ts';
import { jobAccount } from '../render/issue.ts';
import { renderUser } from '../render/user.ts';
import type { Route } from '../route.ts';

/** Source: https://docs.github.com/rest/users/users */
export const userRoutes: Route[] = [{ method: 'GET', path: '/user', handle: readUser }];

function readUser({ caller, request }: Call): Reply {
  if (caller?.token === undefined) return errorReply(401, 'Requires authentication');
  const { login = jobAccount } = caller.token;
  if (login.endsWith('[bot]')) return errorReply(403, 'Resource not accessible by integration');
  const created = '2024-01-01T00:00:00Z';
  return {
    status: 200,
    json: {
      ...renderUser(request.baseUrl, login),
      ...{ name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null },
      ...{ public_repos: 0, public_gists: 0, followers: 0, following: 0 },
      ...{ created_at: created, updated_at: created },
    },
  };
}
