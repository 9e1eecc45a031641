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

/** Starts a GitHub server that is reachable only through a proxy. No name server resolves hosts that end in `.test`. */
async function startProxiedGitHub(listener: RequestListener, { refuses = false } = {}) {
  const seen: IncomingMessage[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request);
      listener(request, response);
    }),
  );
  const connects: IncomingMessage[] = [];
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    connects.push(request);
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
  return { seen, connects, github, port };
}

describe('a client behind a proxy', () => {
  it('sends requests through the proxy, with the proxy’s user and password but without the token', async () => {
    const { seen, connects, github } = await startProxiedGitHub((request, response) => {
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
    expect(connects[0]?.url).toBe('api.github.test:80');
    const login = Buffer.from('us@er:pa:ss').toString('base64');
    expect(connects[0]?.headers['proxy-authorization']).toBe(`Basic ${login}`);
    expect(JSON.stringify(connects[0]?.headers)).not.toContain('t0ken');
  });

  it('follows redirects, and sends the token to no other host', async () => {
    const { seen, github } = await startProxiedGitHub(({ url }, response) => {
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

  it('gives up on a redirect loop, and does not repeat a POST after a redirect', async () => {
    const { seen, github } = await startProxiedGitHub(({ url }, response) =>
      response.writeHead(302, { location: url }).end(),
    );
    await expect(github().get('/round')).rejects.toThrow('redirected to /round (302)');
    // Three attempts, as for any network failure.
    expect(seen).toHaveLength(18);
    await expect(github().post('/round')).rejects.toThrow('redirected to /round (302)');
    expect(seen).toHaveLength(19);
  });

  it('throws a GitHubFailure when the proxy refuses the connection', async () => {
    const { seen, github } = await startProxiedGitHub(() => {}, { refuses: true });
    const failure = await github()
      .get('/x')
      .catch((error: unknown) => error as GitHubFailure);
    expect(failure).toMatchObject({ name: 'GitHubFailure' });
    expect(seen).toEqual([]);
  });

  it.each<[string, (socket: Socket) => unknown, string, string]>([
    ['does not respond', () => undefined, 'deadline', 'no response'],
    [
      'sends an endless head',
      (socket: Socket) => socket.write('HTTP/1.1 200 ok\r\nx: '),
      'deadline',
      'no response',
    ],
    [
      'switches protocols',
      (socket: Socket) => socket.write('HTTP/1.1 101 x\r\nupgrade: x\r\n\r\n'),
      'network',
      'status 101',
    ],
    [
      'requires a login',
      (socket: Socket) =>
        socket.end(
          'HTTP/1.1 407 x\r\nproxy-authenticate: NTLM\r\nproxy-authenticate: Basic realm="x"\r\n\r\n',
        ),
      'network',
      'status 407; add its user and password to its address in HTTPS_PROXY',
    ],
    [
      'requires Kerberos',
      (socket: Socket) => socket.end('HTTP/1.1 407 login\r\nproxy-authenticate: Negotiate\r\n\r\n'),
      'network',
      'status 407; it does not accept a user and a password (Basic)',
    ],
    [
      'responds in place of GitHub',
      (socket: Socket) => socket.end('HTTP/1.1 203 ok\r\n\r\n{"a":1}'),
      'network',
      'status 203',
    ],
  ])('fails within the deadline when the proxy %s', async (_case, reply, kind, text) => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket: Socket) => {
      stops.push(() => socket.destroy());
      reply(socket);
    });
    vi.stubEnv('https_proxy', `http://127.0.0.1:${await listen(proxy)}`);
    vi.stubEnv('no_proxy', '');
    const deadline = startDeadline(2_000);
    const client = connect({ token: 't', apiUrl: 'https://api.github.test', deadline, calls: 1 });
    await expect(client.post('/x')).rejects.toMatchObject({ kind, message: expect.stringContaining(text) });
  });

  it('follows a redirect to this machine without the proxy', async () => {
    const { connects, github, port } = await startProxiedGitHub(({ url, headers }, response) => {
      if (headers.host === 'api.github.test')
        return response.writeHead(302, { location: `http://127.0.0.1:${port}${url}` }).end();
      return response.writeHead(200, json).end('{"a":1}');
    });
    expect(await github().get('/x')).toEqual({ a: 1 });
    expect(connects.map(({ url }) => url)).toEqual(['api.github.test:80']);
  });

  it('accepts a proxy address without a scheme, and names the variable of an invalid proxy address', async () => {
    const { connects, github } = await startProxiedGitHub((_request, response) =>
      response.writeHead(200, json).end('{"a":1}'),
    );
    const address = String(process.env['http_proxy']);
    vi.stubEnv('http_proxy', address.replace(/^http:[/][/]/, ''));
    expect(await github().get('/x')).toEqual({ a: 1 });
    expect(connects).toHaveLength(1);
    vi.stubEnv('http_proxy', address.replace(/^http:/, 'socks5:'));
    const failure = (await github()
      .get('/x')
      .catch((error: unknown) => error)) as GitHubFailure;
    expect(failure).toMatchObject({ name: 'GitHubFailure', kind: 'network' });
    expect(failure.message).toMatch(/^http_proxy is not the address of an HTTP proxy/);
    expect(failure.message).not.toContain('ss@');
  });

  it('ends with the deadline when there is no response', async () => {
    const { github, connects } = await startProxiedGitHub(() => {});
    const client = connect({
      token: 't',
      apiUrl: 'http://api.github.test',
      deadline: startDeadline(300),
      calls: 1,
    });
    await expect(client.get('/x')).rejects.toMatchObject({ kind: 'deadline' });
    expect([github, connects.length]).toEqual([github, 1]);
  });

  it('connects directly to hosts in NO_PROXY', async () => {
    const { connects, github, port } = await startProxiedGitHub((_request, response) =>
      response.writeHead(200, json).end('{"a":1}'),
    );
    vi.stubEnv('no_proxy', 'example.test,localhost');
    expect(await github(`http://localhost:${port}`).get('/x')).toEqual({ a: 1 });
    expect(connects).toEqual([]);
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

  it('fails when the server switches protocols', async () => {
    const github = await plain(({ socket }) => {
      socket.write('HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    await expect(github.post('/x')).rejects.toMatchObject({ kind: 'network' });
  });

  it('cuts a long message of the server', async () => {
    const github = await plain((_request, response) =>
      response.writeHead(422, json).end(JSON.stringify({ message: 'm'.repeat(1 << 20) })),
    );
    const failure = (await github.get('/x').catch((error: unknown) => error)) as GitHubFailure;
    expect(failure.message.length).toBeLessThan(400);
  });

  it('reads a compressed response', async () => {
    const github = await plain(({ headers }, response) => {
      expect(headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"name":"ä"}'));
    });
    expect(await github.get('/x')).toEqual({ name: 'ä' });
  });

  it('reports a damaged compressed response as a network failure', async () => {
    const github = await plain((_request, response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('no gzip'),
    );
    await expect(github.post('/x')).rejects.toMatchObject({ name: 'GitHubFailure', kind: 'network' });
  });

  it('stops reading a response that never ends', async () => {
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
