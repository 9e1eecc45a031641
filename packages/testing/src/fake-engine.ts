import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server on a Unix socket of its own. */
export interface SocketServer {
  socket: string;
  /** The requests so far, such as `DELETE /networks/n1`, without the version of the API. */
  calls: string[];
  close(): Promise<void>;
}

/** What the Docker API says of one thing. Keys start with capital letters. */
type Fields = Record<string, unknown>;

/** The contents of a fake engine. Tests may change it at any time. */
export interface FakeEngineState {
  machine: string;
  /** As `GET /version` and, beside the name, `GET /info` answer. */
  version: Fields;
  info: Fields;
  /** As `GET /containers/ID/json` answers. */
  containers: Fields[];
  networks: Fields[];
  /** Volumes that no container uses. */
  volumes: Fields[];
  images: Fields[];
  buildCache: Fields[] | undefined;
  /** Number of containers that were created so far. The id of the last one ends with it. */
  created: number;
  /** Does what a started container does, and returns its exit code. Default: nothing, and 0. */
  run: (container: Fields) => number | 'never';
  /** Answers of other kinds, by request such as `POST /containers/ID/stop`: a status and a message, or no answer. */
  refuse: Record<string, number | 'never'>;
}

export async function serveSocket(
  handler: (request: IncomingMessage, response: ServerResponse, call: string) => unknown,
): Promise<SocketServer> {
  const socket = join(mkdtempSync(join(tmpdir(), 'engine-')), 'e.sock');
  const calls: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    const call = `${request.method} ${(request.url ?? '').replace(/^\/v[\d.]+/, '')}`;
    calls.push(call);
    handler(request, response, call);
  });
  server.on('connection', (connection) => open.add(connection));
  await new Promise<void>((listening) => server.listen(socket, listening));
  return {
    ...{ socket, calls },
    close: async () => {
      for (const connection of open) connection.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Starts an engine that keeps its containers in memory. */
export async function startFakeEngine(
  given: Partial<FakeEngineState>,
): Promise<SocketServer & { state: FakeEngineState }> {
  const state: FakeEngineState = {
    ...{ version: { Version: '24.0.7', ApiVersion: '1.41', MinAPIVersion: '1.12' }, info: {} },
    ...{ machine: 'here', containers: [], networks: [], volumes: [], images: [] },
    ...{ buildCache: undefined, refuse: {}, run: () => 0, created: 0, ...given },
  };
  const server = await serveSocket(async (request, response, call) => {
    const [path = ''] = call.split('?', 1);
    const refusal = state.refuse[path];
    const answer = refusal === undefined ? answerOf(state, path, await bodyOf(request)) : { status: refusal };
    if (answer.status === 'never') return;
    response.writeHead(answer.status, { 'api-version': '1.41' });
    const text = answer.status < 400 ? answer.body : { message: `refused with ${answer.status}` };
    response.end(text === undefined ? '' : JSON.stringify(text));
  });
  return { ...server, state };
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  let text = '';
  for await (const part of request as AsyncIterable<Buffer>) text += part.toString();
  return text === '' ? {} : (JSON.parse(text) as Fields);
}

interface Answer {
  status: number | 'never';
  body?: unknown;
}

function answerOf(state: FakeEngineState, call: string, request: Fields): Answer {
  const [, method = '', kind = '', id = '', act = ''] = /^(\w+) \/(\w+)\/?([^/]*)\/?(\w*)$/.exec(call) ?? [];
  if (call === 'GET /_ping') return { status: 200, body: 'OK' };
  if (call === 'GET /info') return { status: 200, body: { Name: state.machine, ID: 'fake', ...state.info } };
  if (call === 'GET /version') return { status: 200, body: state.version };
  if (call === 'GET /system/df') return { status: 200, body: { BuildCache: state.buildCache ?? null } };
  if (call === 'POST /build/prune')
    return state.buildCache === undefined ? { status: 404 } : { status: 200, body: { SpaceReclaimed: 1000 } };
  if (call === 'POST /containers/create') return create(state, request);
  if (!['containers', 'networks', 'volumes', 'images'].includes(kind)) return { status: 404 };
  const things = state[kind as 'containers'];
  if (method === 'GET' && (id === '' || id === 'json')) {
    const listed = things.map((thing) => ({ ...thing, ImageID: thing['Image'] }));
    return { status: 200, body: kind === 'volumes' ? { Volumes: listed } : listed };
  }
  const thing = things.find(({ Id, Name }) => Id === id || Name === id);
  if (thing === undefined) return { status: 404 };
  if (method === 'GET') return { status: 200, body: thing };
  if (act === 'start') {
    thing['code'] = state.run(thing);
    return { status: 204 };
  }
  if (act === 'wait')
    return thing['code'] === 'never'
      ? { status: 'never' }
      : { status: 200, body: { StatusCode: thing['code'] } };
  if (act === 'stop' && (thing['HostConfig'] as Fields | undefined)?.['AutoRemove'] !== true)
    return { status: 204 };
  things.splice(things.indexOf(thing), 1);
  return { status: kind === 'images' ? 200 : 204, body: kind === 'images' ? [] : undefined };
}

function create(state: FakeEngineState, request: Fields): Answer {
  if (!state.images.some(({ Id }) => Id === request['Image'])) return { status: 404 };
  state.created += 1;
  const Id = String(state.created).padStart(64, 'c');
  const { Image, Labels } = request;
  const Created = new Date().toISOString();
  state.containers.push({ Id, Image, Name: '/new', Created, Mounts: [], Config: { Labels }, request });
  return { status: 201, body: { Id } };
}
