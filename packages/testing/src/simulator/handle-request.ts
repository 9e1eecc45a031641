import { createHash } from 'node:crypto';
import { type Caller, checkAccess, identifyCaller, isSameName } from './access.ts';
import {
  type ApiRequest,
  type ApiResponse,
  type Call,
  errorReply,
  type Reply,
  withoutHeaders,
} from './exchange.ts';
import type { Fleet } from './fleet.ts';
import { rateLimitExceeded, type Quota, quotaHeaders, quotaOf, rateLimitRoute } from './rate-limit.ts';
import { matchPath, type Route } from './route.ts';
import { collaboratorRoutes } from './routes/collaborators.ts';
import { groupRoutes } from './routes/groups.ts';
import { issueRoutes } from './routes/issues.ts';
import { jobRoutes } from './routes/jobs.ts';
import { repositoryRoutes } from './routes/repository.ts';
import { rerunAndCancelRoutes } from './routes/rerun-and-cancel.ts';
import { runRoutes } from './routes/runs.ts';
import { runnerRoutes } from './routes/runners.ts';
import { userRoutes } from './routes/user.ts';

const routes: Route[] = [
  ...runnerRoutes,
  ...groupRoutes,
  ...runRoutes,
  ...jobRoutes,
  ...rerunAndCancelRoutes,
  ...repositoryRoutes,
  ...collaboratorRoutes,
  ...issueRoutes,
  ...userRoutes,
];

export interface HandledRequest {
  response: ApiResponse;
  /** The fleet after the request. */
  fleet: Fleet;
  /** Whether the request counts against the rate limit. */
  counts: boolean;
}

/**
 * Computes GitHub's response to a request.
 * @param counted how many earlier requests with the same token counted against the rate limit
 */
export function handleRequest(fleet: Fleet, request: ApiRequest, counted: number): HandledRequest {
  if (request.headers['user-agent'] === undefined) {
    return {
      response: toResponse(errorReply(403, 'Please have a User-Agent header'), request),
      fleet,
      counts: false,
    };
  }
  const caller = identifyCaller(fleet, request.headers.authorization);
  if ('status' in caller) return { response: toResponse(caller, request), fleet, counts: false };
  const before = quotaOf(fleet, caller, counted);
  const { route, call } = findRoute(fleet, request, before);
  if (before.remaining === 0 && route?.exemptFromRateLimit !== true) {
    return { response: toResponse(rateLimitExceeded(), request, caller, before), fleet, counts: false };
  }
  const reply = route === undefined ? errorReply(404, 'Not Found') : visit(route, call, caller);
  const after = quotaOf(fleet, caller, counted + (route?.exemptFromRateLimit === true ? 0 : 1));
  const fresh = toResponse(reply, request, caller, after);
  const response = request.method === 'GET' ? revalidate(fresh, request, before) : fresh;
  // GitHub does not count a request that it answers with 304, "not modified".
  return {
    response,
    fleet: reply.fleet ?? fleet,
    counts: route?.exemptFromRateLimit !== true && response.status !== 304,
  };
}

function findRoute(fleet: Fleet, request: ApiRequest, quota: Quota): { route?: Route; call: Call } {
  for (const route of [...routes, rateLimitRoute(quota)]) {
    const parameters = route.method === request.method ? matchPath(route.path, request.path) : undefined;
    if (parameters === undefined) continue;
    const repository = fleet.repositories.find(({ name }) => isSameName(name, parameters.repo ?? ''));
    return {
      route,
      call: { fleet, request, parameters, ...(repository === undefined ? {} : { repository }) },
    };
  }
  return { call: { fleet, request, parameters: {} } };
}

function visit(route: Route, call: Call, caller: Caller): Reply {
  return checkAccess(call, route.requiredPermission, caller) ?? route.handle({ ...call, caller });
}

function toResponse(reply: Reply, request: ApiRequest, caller: Caller = {}, quota?: Quota): ApiResponse {
  const body = reply.text?.content ?? JSON.stringify(reply.json);
  const headers: Record<string, string> = {
    'content-type': reply.text?.type ?? 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': request.headers['x-github-api-version'] ?? '2022-11-28',
    ...(quota === undefined ? {} : quotaHeaders(quota)),
    ...reply.headers,
  };
  // GitHub's ETags differ per token, so the ETag of another job's token never matches.
  if (reply.status === 200)
    headers.etag = `W/"${hash(`${caller.value ?? ''}\n${headers.link ?? ''}\n${body}`)}"`;
  return { status: reply.status, headers, body };
}

function revalidate(response: ApiResponse, request: ApiRequest, quota: Quota): ApiResponse {
  const { etag } = response.headers;
  const wanted = request.headers['if-none-match'];
  if (etag === undefined || wanted === undefined || !wanted.split(/,\s*/).includes(etag)) return response;
  return {
    status: 304,
    headers: { ...withoutHeaders(response.headers, ['content-type']), ...quotaHeaders(quota) },
    body: '',
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
