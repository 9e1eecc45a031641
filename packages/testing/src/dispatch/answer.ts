import type { ApiResponse } from '../simulator/index.ts';
import { handleRequest } from '../simulator/handle-request.ts';
import type { Fleet, FleetRunner } from '../simulator/index.ts';
import { viewOf } from './view.ts';
import type { World } from './world.ts';

/** GitHub's API for one play of a world: it answers in this process, without a server. */
export interface Api {
  /** Answers as Octokit's request function does. It throws for a status of 300 or more. */
  request(
    token: string,
    route: string,
    parameters: Record<string, unknown>,
  ): { data: unknown; status: number; headers: Record<string, string> };
  /** Whether an answer about runners or their groups was distorted. */
  wasDistorted(): boolean;
  /** The paths of the POST requests. */
  posts(): readonly string[];
}

/** Opens the API of a world. @param files the files of the repository, path → content */
export function openApi(world: World, files: Record<string, string> = {}): Api {
  let fleet = viewOf(world, files);
  let [wasDistorted, hasMoved] = [false, false];
  const posts: string[] = [];
  const distort = (path: string, page: number, response: ApiResponse): ApiResponse => {
    const distorted = response.status === 200 ? distortedAnswer(world, path, page, response) : undefined;
    wasDistorted ||= distorted !== undefined && !path.endsWith('/runs');
    return distorted ?? response;
  };
  return {
    wasDistorted: () => wasDistorted,
    posts: () => posts,
    request(token, route, parameters) {
      const { method, path, query, headers } = parse(route, parameters);
      if (method === 'POST') posts.push(path);
      const page = Number(query['page'] ?? 1);
      if (world.distortion === 'moves' && isRunnerList(path) && page > 1) {
        // One runner of the second page and one of the first change places before the second page is read. A client
        // that reads the list again gets the truth.
        if (!hasMoved) fleet = swapped(fleet);
        [wasDistorted, hasMoved] = [!hasMoved, true];
      }
      const handled = handleRequest(
        fleet,
        {
          ...{ method, path, query, body: '', baseUrl: 'https://api.github.com' },
          headers: { ...headers, authorization: `token ${token}`, 'user-agent': 'runner-actions' },
        },
        0,
      );
      const response = distort(path, page, handled.response);
      if (response.status < 300) fleet = handled.fleet;
      return asOctokit(response, world.now);
    },
  };
}

/** Converts Octokit's arguments to a request: fills in the path, and makes a query of the other parameters. */
function parse(route: string, { headers, request: _, ...parameters }: Record<string, unknown>) {
  const [method = '', template = ''] = route.split(' ');
  const rest = new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = rest.get(name) ?? '';
    rest.delete(name);
    return encodeURIComponent(value);
  });
  return { method, path, query: Object.fromEntries(rest), headers: headers as Record<string, string> };
}

function asOctokit({ status, headers, body }: ApiResponse, now: number) {
  const all = { ...headers, date: new Date(now).toUTCString() };
  const data: unknown = body === '' ? undefined : JSON.parse(body);
  if (status < 300) return { data, status, headers: all };
  const { message = 'Not modified' } = (data ?? {}) as { message?: string };
  throw Object.assign(new Error(message), { status, response: { status, headers: all, data } });
}

const isRunnerList = (path: string): boolean => path.endsWith('/actions/runners');
const failed: ApiResponse = {
  status: 502,
  headers: { 'content-type': 'application/json', 'retry-after': '0' },
  body: '{"message":"Server Error"}',
};

/** Returns the answer that the world's distortion makes of a true one; `undefined` if it changes nothing. */
function distortedAnswer(
  { distortion }: World,
  path: string,
  page: number,
  response: ApiResponse,
): ApiResponse | undefined {
  if (distortion === 'groups-fail') return path.endsWith('/runner-groups') ? failed : undefined;
  if (distortion === 'runs-fail') return path.endsWith('/actions/runs') ? failed : undefined;
  if (!isRunnerList(path)) return undefined;
  if (distortion === 'list-fails') return failed;
  if (distortion === 'page-2-fails') return page > 1 ? failed : undefined;
  const { runners, total_count: total } = JSON.parse(response.body) as {
    runners: unknown[];
    total_count: number;
  };
  const answer = (count: number, items: unknown[]): ApiResponse => ({
    ...response,
    body: JSON.stringify({ total_count: count, runners: items }),
  });
  if (distortion === 'empty-with-total' && total > 0) return answer(total, []);
  if (distortion === 'more-than-total' && runners.length > 0) return answer(runners.length - 1, runners);
  if (distortion === 'total-changes' && page > 1) return answer(100 * (page - 1), []);
  return undefined;
}

function swapped(fleet: Fleet): Fleet {
  const swap = (runners: readonly FleetRunner[] = []): FleetRunner[] => {
    const [first, ...others] = runners;
    const last = others.pop();
    return first === undefined || last === undefined ? [...runners] : [last, ...others, first];
  };
  return {
    ...fleet,
    repositories: fleet.repositories.map((one) => ({ ...one, runners: swap(one.runners) })),
    organization_runners: swap(fleet.organization_runners),
    enterprise_runners: swap(fleet.enterprise_runners),
  };
}
