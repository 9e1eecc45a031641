import type { Fleet, FleetRepository } from './fleet.ts';
import type { Fault } from './faults.ts';

/** A request as the handlers see it. */
export interface ApiRequest {
  method: string;
  /** Without query and without the `/api/v3` of an Enterprise Server. */
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** What clients put before the path, for links. */
  baseUrl: string;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request and what was answered; `body` is what was meant to be sent, even if a fault cut it short. */
export interface RecordedRequest extends Omit<ApiRequest, 'baseUrl'> {
  token?: string;
  response: ApiResponse;
  /** The deliberate fault that spoiled the answer. */
  fault?: Fault['kind'];
}

/** What a route answers: JSON, or text of a media type; and the fleet as it is afterwards, if it changed. */
export interface Reply {
  status: number;
  json?: unknown;
  text?: { type: string; content: string };
  headers?: Record<string, string>;
  fleet?: Fleet;
}

/** What a route is given: the request, its path parameters and the repository that the path names. */
export interface Call {
  fleet: Fleet;
  request: ApiRequest;
  parameters: Record<string, string>;
  repository?: FleetRepository;
}

/** GitHub's error body. */
export function refuse(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    json: { message, documentation_url: 'https://docs.github.com/rest', status: `${status}` },
    headers,
  };
}

export function withoutHeaders(
  headers: Record<string, string>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
