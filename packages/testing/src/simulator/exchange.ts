import type { Fleet, FleetRepository } from './fleet.ts';
import type { Caller } from './access.ts';
import type { Fault } from './faults.ts';

/** A request as the routes see it. */
export interface ApiRequest {
  method: string;
  /** Without the query and without the `/api/v3` of an Enterprise Server. */
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** The address that clients put before the path. Links in responses begin with it. */
  baseUrl: string;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request and its response. `response.body` is the complete body, even if a fault sent only a part of it. */
export interface RecordedRequest extends Omit<ApiRequest, 'baseUrl'> {
  token?: string;
  response: ApiResponse;
  /** The deliberate fault that applied to this request. */
  fault?: Fault['kind'];
}

/** The reply of a route: either JSON, or text with its media type. */
export interface Reply {
  status: number;
  json?: unknown;
  text?: { type: string; content: string };
  headers?: Record<string, string>;
  /** The fleet after the request, if the route changes it. */
  fleet?: Fleet;
}

/** The arguments of a route: the request, its path parameters and the repository that the path names. */
export interface Call {
  fleet: Fleet;
  request: ApiRequest;
  parameters: Record<string, string>;
  repository?: FleetRepository;
  /** The sender, once the route may be used. */
  caller?: Caller;
}

/** Creates a reply with GitHub's error body. */
export function errorReply(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    json: { message, documentation_url: 'https://docs.github.com/rest', status: `${status}` },
    headers,
  };
}

/** Returns a copy of the headers without the given names. */
export function withoutHeaders(
  headers: Record<string, string>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
