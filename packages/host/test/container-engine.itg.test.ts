import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { serveSocket, type SocketServer, startFakeEngine } from '@runner-actions/testing/engine';
import { type ContainerEngine, EngineError, findEngines, openEngine } from '../src/index.ts';

const servers: SocketServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const id = 'a'.repeat(64);
const summary = { Id: id, ImageID: 'sha256:1' };

/** Connects to an engine that answers `GET /containers/json` in this way. */
async function engineThat(answer: (response: ServerResponse) => void): Promise<ContainerEngine> {
  const server = await serveSocket((_request, response, call) => {
    if (call.startsWith('GET /containers')) return answer(response);
    response.writeHead(200, { 'api-version': '1.41' }).end(call === 'GET /info' ? '{"Name":"here"}' : 'OK');
  });
  servers.push(server);
  return openEngine(server.socket, startDeadline(5_000));
}

describe('an engine that lies', () => {
  const cases: [string, (response: ServerResponse) => void, string][] = [
    [
      'cuts its answer',
      (r) => r.writeHead(200, { 'content-length': 99 }).write('[', () => r.destroy()),
      'aborted',
    ],
    ['sends too much', (r) => r.end('x'.repeat(9 * 2 ** 20)), 'larger than 8.0 MiB'],
    ['redirects', (r) => r.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(), 'status 301'],
    [
      'fails',
      (r) => r.writeHead(500).end('{"message":"no\\n::error::disk"}'),
      "status 500: 'no\\n::error::disk'",
    ],
    ['fails without a message', (r) => r.writeHead(503).end('<html>'), 'status 503'],
    ['sends no JSON', (r) => r.end('<html>'), 'not valid JSON'],
    ['sends JSON that is too deep', (r) => r.end('['.repeat(1_000_000)), 'not valid JSON'],
    ['sends no list', (r) => r.end('{"containers":[]}'), 'not a list'],
    ['sends nothing', (r) => r.end(), 'not a list'],
    ['knows no containers', (r) => r.writeHead(404).end(), 'not a list'],
  ];
  it.each(cases)('%s', async (_what, answer, message) => {
    const engine = await engineThat(answer);
    const error = await engine.listContainers(startDeadline(5_000)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as Error).message).toContain(message);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['never answers', () => undefined],
    ['never ends its headers', (r) => r.socket?.write('HTTP/1.1 200 OK\r\nx-a: 1\r\n')],
    [
      'sends chunks without end',
      (r) => {
        const timer = setInterval(() => r.write(' '), 5);
        r.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s', async (_what, answer) => {
    const engine = await engineThat(answer);
    await expect(engine.listContainers(startDeadline(100))).rejects.toThrow('it did not answer within');
  });

  it('lists wrong items: they are left out, and the list is not complete', async () => {
    const engine = await engineThat((r) =>
      r.end(JSON.stringify([summary, { ...summary, Id: '../x' }, null, 7])),
    );
    const listed = await engine.listContainers(startDeadline(5_000));
    expect(listed).toEqual({ items: [{ id, imageId: 'sha256:1' }], complete: false });
  });

  it('describes another container than the one that was asked for', async () => {
    const other = { Id: 'b'.repeat(64), Image: 'sha256:1', Mounts: [] };
    const engine = await engineThat((r) => r.end(JSON.stringify(other)));
    await expect(engine.inspectContainer(id, startDeadline(5_000))).rejects.toThrow(
      'does not describe the container',
    );
  });
});

describe('what answers at a socket', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['another program', (r) => r.end('hello')],
    ['a wrong version', (r) => r.writeHead(200, { 'api-version': '1.41/../../x' }).end('OK')],
    ['an engine that fails', (r) => r.writeHead(500, { 'api-version': '1.41' }).end()],
  ])('may be %s', async (_what, answer) => {
    const server = await serveSocket((_request, response) => answer(response));
    servers.push(server);
    const found = await findEngines({ DOCKER_HOST: `unix://${server.socket}` }, startDeadline(5_000));
    const why = `The container engine at ${server.socket} is not used: what answers there is no container engine.`;
    expect(found).toEqual({ engines: [], problems: [why] });
  });

  it('may be a server that switches to another protocol', async () => {
    const server = await serveSocket((_request, response) => {
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    });
    servers.push(server);
    const { problems } = await findEngines({ DOCKER_HOST: `unix://${server.socket}` }, startDeadline(5_000));
    expect(problems).toEqual([expect.stringContaining('it switched to another protocol')]);
  });

  it('may be nothing, which is no problem', async () => {
    const gone = await startFakeEngine({});
    await gone.close();
    const found = await findEngines({ DOCKER_HOST: `unix://${gone.socket}` }, startDeadline(5_000));
    expect(found).toEqual({ engines: [], problems: [] });
  });

  it('may be an engine that is found by two paths, and is used once', async () => {
    const server = await startFakeEngine({});
    servers.push(server);
    const runtime = dirname(server.socket);
    mkdirSync(`${runtime}/podman`);
    symlinkSync(server.socket, `${runtime}/docker.sock`);
    symlinkSync('../docker.sock', `${runtime}/podman/podman.sock`);
    const { engines } = await findEngines({ XDG_RUNTIME_DIR: runtime }, startDeadline(5_000));
    expect(engines.filter(({ identity }) => identity === 'fake')).toHaveLength(1);
  });
});

it('sends no request to prune containers, networks, volumes or images', () => {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => readFileSync(new URL(name, folder), 'utf8'));
  expect(sources.flatMap((text) => text.match(/\/\w+\/prune/g) ?? [])).toEqual(['/build/prune']);
});
