import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect as open, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startDeadline } from '@runner-actions/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect, type GitHubFailure } from '../src/index.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  stops.splice(0).forEach((stop) => stop());
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const json = { 'content-type': 'application/json' };

/** A GitHub that only a proxy knows the way to. Hosts that end in `.test` are found by no name server. */
async function stage(listener: RequestListener, { refuses = false } = {}) {
  const seen: IncomingMessage[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request);
      listener(request, response);
    }),
  );
  const asked: IncomingMessage[] = [];
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request);
    if (refuses)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const way = open(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    stops.push(() => way.destroy());
    way.on('error', () => socket.destroy());
    socket.on('error', () => way.destroy());
  });
  const proxyPort = await listen(proxy);
  vi.stubEnv('http_proxy', `http://us%40er:pa%3Ass@127.0.0.1:${proxyPort}`);
  vi.stubEnv('no_proxy', '');
  const github = (apiUrl = 'http://api.github.test') =>
    connect({ token: 't0ken', apiUrl, deadline: startDeadline(30_000), calls: 10 });
  return { seen, asked, github, port };
}

describe('a client behind a proxy', () => {
  it('goes through it, with its name and password and not with the token', async () => {
    const { seen, asked, github } = await stage((request, response) => {
      if (request.url === '/none') return response.writeHead(204).end();
      return response.writeHead(200, { ...json, etag: '"1"' }).end('{"a":1}');
    });
    const client = github();
    expect(await client.get('/repos/{owner}/{repo}', { owner: 'octo', repo: 'app', page: 2 })).toEqual({
      a: 1,
    });
    expect(await client.post('/none', { text: 'ä' })).toBeUndefined();
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /repos/octo/app?page=2',
      'POST /none',
    ]);
    expect(seen[0]?.headers).toMatchObject({ authorization: 'token t0ken', 'user-agent': 'runner-actions' });
    expect(asked[0]?.url).toBe('api.github.test:80');
    const login = Buffer.from('us@er:pa:ss').toString('base64');
    expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${login}`);
    expect(JSON.stringify(asked[0]?.headers)).not.toContain('t0ken');
  });

  it('follows where a repository moved, and gives the token to no other host', async () => {
    const { seen, github } = await stage(({ url }, response) => {
      if (url === '/moved') return response.writeHead(301, { location: '/new' }).end();
      if (url === '/away') return response.writeHead(302, { location: 'http://other.test/new' }).end();
      return response.writeHead(200, json).end('{"a":1}');
    });
    expect(await github().get('/moved')).toEqual({ a: 1 });
    expect(await github().get('/away')).toEqual({ a: 1 });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'token t0ken',
      'token t0ken',
      'token t0ken',
      undefined,
    ]);
  });

  it('gives up on one that leads in a circle, and repeats no POST elsewhere', async () => {
    const { seen, github } = await stage(({ url }, response) =>
      response.writeHead(302, { location: url }).end(),
    );
    await expect(github().get('/round')).rejects.toThrow('redirected to /round (302)');
    // Three tries, as for any fault of the network.
    expect(seen).toHaveLength(18);
    await expect(github().post('/round')).rejects.toThrow('redirected to /round (302)');
    expect(seen).toHaveLength(19);
  });

  it('says so where the proxy refuses', async () => {
    const { seen, github } = await stage(() => {}, { refuses: true });
    const failure = await github()
      .get('/x')
      .catch((error: unknown) => error as GitHubFailure);
    expect(failure).toMatchObject({ name: 'GitHubFailure' });
    expect(seen).toEqual([]);
  });

  it('uses a proxy whose address has no scheme, and names the variable of an address that cannot be used', async () => {
    const { asked, github } = await stage((_request, response) =>
      response.writeHead(200, json).end('{"a":1}'),
    );
    const address = String(process.env['http_proxy']);
    vi.stubEnv('http_proxy', address.replace(/^http:[/][/]/, ''));
    expect(await github().get('/x')).toEqual({ a: 1 });
    expect(asked).toHaveLength(1);
    vi.stubEnv('http_proxy', address.replace(/^http:/, 'socks5:'));
    const failure = (await github()
      .get('/x')
      .catch((error: unknown) => error)) as GitHubFailure;
    expect(failure).toMatchObject({ name: 'GitHubFailure', kind: 'network' });
    expect(failure.message).toMatch(/^http_proxy is not the address of an HTTP proxy/);
    expect(failure.message).not.toContain('ss@');
  });

  it('ends with the deadline where nothing comes back', async () => {
    const { github, asked } = await stage(() => {});
    const client = connect({
      token: 't',
      apiUrl: 'http://api.github.test',
      deadline: startDeadline(300),
      calls: 1,
    });
    await expect(client.get('/x')).rejects.toMatchObject({ kind: 'deadline' });
    expect([github, asked.length]).toEqual([github, 1]);
  });

  it('goes straight where NO_PROXY says so', async () => {
    const { asked, github, port } = await stage((_request, response) =>
      response.writeHead(200, json).end('{"a":1}'),
    );
    vi.stubEnv('no_proxy', 'example.test,localhost');
    expect(await github(`http://localhost:${port}`).get('/x')).toEqual({ a: 1 });
    expect(asked).toEqual([]);
  });
});

describe('a client', () => {
  const plain = async (listener: RequestListener) => {
    const port = await listen(createServer(listener));
    return connect({
      token: 't0ken',
      apiUrl: `http://127.0.0.1:${port}`,
      deadline: startDeadline(30_000),
      calls: 1,
    });
  };

  it('reads what comes compressed', async () => {
    const github = await plain(({ headers }, response) => {
      expect(headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"name":"ä"}'));
    });
    expect(await github.get('/x')).toEqual({ name: 'ä' });
  });

  it('takes damaged bytes for no answer', async () => {
    const github = await plain((_request, response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('no gzip'),
    );
    await expect(github.post('/x')).rejects.toMatchObject({ name: 'GitHubFailure', kind: 'network' });
  });

  it('reads no answer without an end', async () => {
    const github = await plain((_request, response) => {
      response.writeHead(200, json);
      const part = Buffer.alloc(1 << 20, ' ');
      const write = () => (response.write(part) ? setImmediate(write) : response.once('drain', write));
      response.on('close', () => response.removeAllListeners('drain'));
      write();
    });
    await expect(github.post('/x')).rejects.toThrow('more than 67108864 bytes');
  });
});
