import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deadline, startDeadline } from '@runner-actions/core';
import { afterEach, describe, expect, it } from 'vitest';
import { allPages, connect, type GitHubFailure, emptySharedState, repositoryRunners } from '../src/index.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** Starts a server with a request listener. It counts the requests. */
async function serve(listener: RequestListener): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    listener(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
}

/** Creates a deadline that passes when `pass` is called. */
function deadlineAtWill(): { deadline: Deadline; pass: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  const deadline: Deadline = {
    signal,
    remaining: () => (signal.aborted ? 0 : 60_000),
    limit: () => deadline,
  };
  return { deadline, pass: () => controller.abort() };
}

/** Starts a server that never responds. The deadline passes when the server gets a request. */
async function stall() {
  const { deadline, pass } = deadlineAtWill();
  return { deadline, ...(await serve(pass)) };
}

const json = { 'content-type': 'application/json' };
const client = (apiUrl: string, { deadline = startDeadline(60_000), calls = 10 } = {}) =>
  connect({ token: 't', apiUrl, deadline, calls });
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: GitHubFailure) => error.kind,
  );
const runner = (id: number) => ({
  id,
  name: `r${id}`,
  os: 'linux',
  status: 'online',
  busy: false,
  labels: [{ name: 'l' }],
});

describe('connect', () => {
  it('retries after a server error, and gives up after three attempts', async () => {
    let answers = 0;
    const flaky = await serve((_request, response) =>
      response.writeHead((answers += 1) === 1 ? 502 : 200, json).end('{"a":1}'),
    );
    expect(await client(flaky.url).get('/x')).toEqual({ a: 1 });
    const down = await serve((_request, response) => response.writeHead(503).end('down'));
    expect(await failureOf(client(down.url).get('/x'))).toBe('server-error');
    expect(down.count()).toBe(3);
  });

  it('returns the earlier response on status 304, and reads the time from that response too', async () => {
    const date = new Date(Date.now() + 25 * 60_000).toUTCString();
    const { url } = await serve(({ headers }, response) =>
      headers['if-none-match'] === '"1"'
        ? response.writeHead(304, { date, etag: '"1"' }).end()
        : response.writeHead(200, { ...json, date, etag: '"1"' }).end('{"a":1}'),
    );
    const known = emptySharedState();
    for (const _ of ['first', 'second']) {
      const github = connect({ token: 't', apiUrl: url, deadline: startDeadline(60_000), calls: 2, known });
      expect(await github.get('/x')).toEqual({ a: 1 });
      expect(Math.abs(github.now() - Date.parse(date))).toBeLessThan(5_000);
    }
  });

  it('does not wait for a rate limit beyond its deadline', async () => {
    const { url, count } = await serve((_request, response) =>
      response.writeHead(429, { ...json, 'retry-after': '2400' }).end('{"message":"slow down"}'),
    );
    expect(await failureOf(client(url).get('/x'))).toBe('rate-limited');
    expect(count()).toBe(1);
  });

  it('gives up on a stalled server when the deadline passes', async () => {
    const { url, deadline } = await stall();
    expect(await failureOf(client(url, { deadline }).get('/x'))).toBe('deadline');
    const short = startDeadline(100);
    expect(await failureOf(client(url, { deadline: short }).get('/x'))).toBe('deadline');
  });

  it.each([
    [
      'HTML',
      (response: Parameters<RequestListener>[1]) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['broken JSON', (response: Parameters<RequestListener>[1]) => response.writeHead(200, json).end('{"a":')],
  ])('rejects a response of %s as invalid', async (_name, answer) => {
    const { url } = await serve((_request, response) => answer(response));
    expect(await failureOf(client(url).get('/x'))).toBe('invalid-response');
  });

  it('reports a dropped connection as a network failure', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    expect(await failureOf(client(url).get('/x'))).toBe('network');
  });

  it('names the path of the request in every failure, without its query', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(403, json).end('{"message":"No.","documentation_url":"https://docs.example"}'),
    );
    const github = client(url, { calls: 1 });
    const parameters = { owner: 'octo', path: '.github/a b.yml', ref: 'secret' };
    const path = '/repos/octo/contents/.github/a%20b.yml';
    const ask = () => github.get('/repos/{owner}/contents/{path}', parameters);
    await expect(ask()).rejects.toThrow(`${path}: 403 GitHub refused the request; GitHub says: No`);
    await expect(ask()).rejects.toThrow(`${path}: the budget of 1 calls is used up`);
    const broken = await serve((_request, response) => response.writeHead(200, json).end('{'));
    await expect(client(broken.url).get('/x/{owner}', parameters)).rejects.toThrow(/^\/x\/octo: /);
  });

  it.each([
    ['200', 200],
    ['404', 404],
  ])('after a %s that leaves fewer calls of the hour than it spares, sends none', async (_title, status) => {
    const left = ['300', '299'];
    const { url, count } = await serve((_request, response) =>
      response.writeHead(status, { ...json, 'x-ratelimit-remaining': left.shift() ?? '299' }).end('{}'),
    );
    const options = { token: 't', apiUrl: url, deadline: startDeadline(60_000), calls: 10 };
    const github = connect({ ...options, spare: 300 });
    for (const _ of ['300 left', '299 left']) await github.get('/x').catch(() => undefined);
    await expect(github.get('/y')).rejects.toThrow('/y: GitHub leaves the token only 299 more calls');
    expect([count(), github.callsUsed()]).toEqual([2, 2]);
    const other = connect(options);
    for (const _ of ['a', 'b']) await other.get('/x').catch(() => undefined);
    expect(count()).toBe(4);
  });

  it('stops when its call budget is used up', async () => {
    const { url, count } = await serve((_request, response) => response.writeHead(200, json).end('{}'));
    const github = client(url, { calls: 2 });
    await github.get('/x');
    await github.get('/x');
    expect(await failureOf(github.get('/x'))).toBe('call-budget');
    expect(count()).toBe(2);
  });
});

describe('connect: post', () => {
  it('sends the parameters as JSON, within the call budget', async () => {
    let seen = '';
    const { url, count } = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => (seen += String(chunk)));
      request.on('end', () => response.writeHead(201, json).end('{"done":1}'));
    });
    const github = client(url, { calls: 1 });
    expect(await github.post('/x/{id}', { id: 5, note: 'n' })).toEqual({ done: 1 });
    expect(JSON.parse(seen)).toEqual({ note: 'n' });
    expect(await failureOf(github.post('/x'))).toBe('call-budget');
    expect([github.callsUsed(), count()]).toEqual([1, 1]);
  });

  it('accepts an empty response', async () => {
    const { url } = await serve((_request, response) => response.writeHead(202).end());
    expect(await client(url).post('/x')).toBeUndefined();
  });

  // A request that GitHub may have carried out is not sent again.
  it.each([
    [502, {}, 'server-error', true],
    [429, { 'retry-after': '0' }, 'rate-limited', false],
    [403, {}, 'forbidden', false],
    [409, {}, 'rejected', false],
    [200, { 'content-type': 'text/html' }, 'invalid-response', true],
  ])('does not retry after status %i (%o)', async (status, headers, kind, mayHaveArrived) => {
    const { url, count } = await serve((_request, response) =>
      response.writeHead(status, { ...json, ...headers }).end('{"message":"no"}'),
    );
    await expect(client(url).post('/x')).rejects.toMatchObject({ kind, mayHaveArrived });
    expect(count()).toBe(1);
  });

  it('does not retry after a dropped connection, or when the server never responds', async () => {
    const dropped = await serve((request) => request.socket.destroy());
    await expect(client(dropped.url).post('/x')).rejects.toMatchObject({
      kind: 'network',
      mayHaveArrived: true,
    });
    const stalled = await stall();
    await expect(client(stalled.url, stalled).post('/x')).rejects.toMatchObject({ kind: 'deadline' });
    expect([dropped.count(), stalled.count()]).toEqual([1, 1]);
  });
});

describe('pagesOf', () => {
  const page = (items: object[], total: number) => JSON.stringify({ total_count: total, runners: items });
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => runner(from + index));

  const pagesFrom = async (answer: (number: number) => string) => {
    const { url, count } = await serve((request, response) => {
      const number = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
      response.writeHead(200, { ...json, link: '<http://127.0.0.1:1/lie>; rel="next"' }).end(answer(number));
    });
    return { count, open: () => repositoryRunners(client(url, { calls: 20 }), { owner: 'o', name: 'n' }) };
  };

  it('uses the item count to find the last page, and stops when the caller stops', async () => {
    const items = (number: number) =>
      ({ 1: range(1, 100), 2: range(101, 200), 3: range(201, 220) })[number] ?? [];
    const { open, count } = await pagesFrom((number) => page(items(number), 220));
    expect(await allPages(open())).toHaveLength(220);
    // The first two pages are read twice.
    expect(count()).toBe(5);
    for await (const runners of open()) if (runners.length > 0) break;
    expect(count()).toBe(6);
  });

  it('reads many pages in parallel, and returns them in their order', async () => {
    const { open, count } = await pagesFrom((number) => page(range(number * 100 - 99, number * 100), 1_000));
    expect((await allPages(open())).map(({ id }) => id)).toEqual(range(1, 1_000).map(({ id }) => id));
    expect(count()).toBe(19);
  });

  it.each<[string, Record<number, object[]>, Record<number, number>, number]>([
    ['an item moved to a page that was read', { 1: range(1, 100), 2: [] }, { 1: 101, 2: 100 }, 100],
    ['GitHub reports items and lists none', { 1: [] }, { 1: 5 }, 0],
    ['a page repeats an item', { 1: range(1, 100), 2: range(100, 119) }, { 1: 120, 2: 120 }, 119],
    ['an item has no labels', { 1: [runner(1), { ...runner(2), labels: null }] }, { 1: 2 }, 1],
  ])('reports an incomplete list when %s, and keeps the items', async (_case, items, totals, known) => {
    const { open } = await pagesFrom((number) => page(items[number] ?? [], totals[number] ?? 0));
    const pages = open();
    const found: number[] = [];
    let last = await pages.next();
    for (; last.done !== true; last = await pages.next()) found.push(...last.value.map(({ id }) => id));
    expect(last.value).toMatchObject({ kind: 'incomplete' });
    expect(new Set(found).size).toBe(known);
    expect(found).toHaveLength(known);
    await expect(allPages(open())).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('returns the pages before one that fails, and then the failure', async () => {
    const { open } = await pagesFrom((number) =>
      number === 1 ? page(range(1, 100), 300) : '{"runners": 5}',
    );
    const pages = open();
    expect((await pages.next()).value).toHaveLength(100);
    expect(await failureOf(pages.next())).toBe('invalid-response');
  });
});
