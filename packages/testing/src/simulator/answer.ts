import { createHash } from 'node:crypto';
import { type Caller, deny, identify, same } from './access.ts';
import {
  type ApiRequest,
  type ApiResponse,
  type Call,
  refuse,
  type Reply,
  withoutHeaders,
} from './exchange.ts';
import type { Fleet } from './fleet.ts';
import { exceeded, type Quota, quotaHeaders, quotaOf, rateLimitRoute } from './rate-limit.ts';
import { matchPath, type Route } from './route.ts';
import { groupRoutes } from './routes/groups.ts';
import { jobRoutes } from './routes/jobs.ts';
import { repositoryRoutes } from './routes/repository.ts';
import { rerunRoutes } from './routes/reruns.ts';
import { runRoutes } from './routes/runs.ts';
import { runnerRoutes } from './routes/runners.ts';

const routes: Route[] = [
  ...runnerRoutes,
  ...groupRoutes,
  ...runRoutes,
  ...jobRoutes,
  ...rerunRoutes,
  ...repositoryRoutes,
];

export interface Answer {
  response: ApiResponse;
  /** The fleet after the request. */
  fleet: Fleet;
  /** Whether the request counts against the rate limit. */
  counts: boolean;
}

/** What GitHub would answer. `sent` is how many requests of the same token have counted before this one. */
export function answer(fleet: Fleet, request: ApiRequest, sent: number): Answer {
  if (request.headers['user-agent'] === undefined) {
    return {
      response: finish(refuse(403, 'Please have a User-Agent header'), request),
      fleet,
      counts: false,
    };
  }
  const caller = identify(fleet, request.headers.authorization);
  if ('status' in caller) return { response: finish(caller, request), fleet, counts: false };
  const before = quotaOf(fleet, caller, sent);
  const { route, call } = find(fleet, request, before);
  if (before.remaining === 0 && route?.free !== true) {
    return { response: finish(exceeded(), request, caller, before), fleet, counts: false };
  }
  const reply = route === undefined ? refuse(404, 'Not Found') : visit(route, call, caller);
  const spent = quotaOf(fleet, caller, sent + (route?.free === true ? 0 : 1));
  const fresh = finish(reply, request, caller, spent);
  const response = request.method === 'GET' ? revalidate(fresh, request, before) : fresh;
  // GitHub does not count answers that say "not modified".
  return { response, fleet: reply.fleet ?? fleet, counts: route?.free !== true && response.status !== 304 };
}

function find(fleet: Fleet, request: ApiRequest, quota: Quota): { route?: Route; call: Call } {
  for (const route of [...routes, rateLimitRoute(quota)]) {
    const parameters = route.method === request.method ? matchPath(route.path, request.path) : undefined;
    if (parameters === undefined) continue;
    const repository = fleet.repositories.find(({ name }) => same(name, parameters.repo ?? ''));
    return {
      route,
      call: { fleet, request, parameters, ...(repository === undefined ? {} : { repository }) },
    };
  }
  return { call: { fleet, request, parameters: {} } };
}

function visit(route: Route, call: Call, caller: Caller): Reply {
  return deny(call, route.demand, caller) ?? route.handle(call);
}

function finish(reply: Reply, request: ApiRequest, caller: Caller = {}, quota?: Quota): ApiResponse {
  const body = reply.text?.content ?? JSON.stringify(reply.json);
  const headers: Record<string, string> = {
    'content-type': reply.text?.type ?? 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': request.headers['x-github-api-version'] ?? '2022-11-28',
    ...(quota === undefined ? {} : quotaHeaders(quota)),
    ...reply.headers,
  };
  // GitHub's tags differ from token to token, so that a tag of another job's token never fits.
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
