import { startDeadline } from '@runner-actions/core';
import { serve } from '@runner-actions/testing/servers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkMetrics, parseEndpoint, push, sendOtlp } from '../src/index.ts';
import { example } from './examples.ts';

afterEach(() => vi.unstubAllEnvs());

const group = { job: 'build' };
const deadline = (milliseconds = 30_000) => startDeadline(milliseconds);
const pushTo = (address: string, limit = deadline()) =>
  push(parseEndpoint('pushgateway', address), { group, metrics: example() }, limit);
const otlpTo = (address: string, limit = deadline()) =>
  sendOtlp(
    parseEndpoint('otlp-endpoint', address),
    { signal: 'metrics', headers: { 'api-key': 'k' }, body: '{}' },
    limit,
  );

describe('push', () => {
  it('replaces a group with PUT, merges with POST, and sends the login as Basic', async () => {
    const { address, seen } = await serve((_seen, response) => response.writeHead(200).end());
    const endpoint = parseEndpoint('pushgateway', address.replace('//', '//ci:pushpassword@') + '/base/');
    expect(await push(endpoint, { group, metrics: example() }, deadline())).toEqual({
      sent: true,
      warnings: [],
    });
    await push(endpoint, { group, metrics: example(), how: 'merge' }, deadline());
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'PUT /base/metrics/job@base64/YnVpbGQ',
      'POST /base/metrics/job@base64/YnVpbGQ',
    ]);
    const login = Buffer.from('ci:pushpassword').toString('base64');
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Basic ${login}`,
      'user-agent': 'runner-actions',
    });
    expect(seen[0]?.body).toMatch(/\n$/);
  });

  it('shows what the server says to a 4xx on one line, and does not try again', async () => {
    const { address, seen } = await serve((_seen, response) =>
      response.writeHead(400).end('text format parsing error\nin line 2: \u001b[31mred\u202e\n'),
    );
    expect(await pushTo(address)).toEqual({
      sent: false,
      warnings: [
        `Pushgateway at ${new URL(address).host}: status 400: text format parsing error\\nin line 2: \\u001b[31mred\\u202e.`,
      ],
    });
    expect(seen).toHaveLength(1);
  });

  it('hides the login when the server sends it back', async () => {
    const { address } = await serve(({ headers }, response) =>
      response.writeHead(401).end(`bad ${headers.authorization} and echoedpassword`),
    );
    const { warnings } = await pushTo(address.replace('//', '//ci:echoedpassword@'));
    expect(warnings[0]).toContain('status 401: bad Basic *** and ***. Check the login.');
  });

  it('tries again twice after a 5xx, and succeeds when the server does', async () => {
    const { address, seen } = await serve((_seen, response, count) =>
      response.writeHead(count < 3 ? 503 : 200).end(),
    );
    expect(await pushTo(address)).toEqual({ sent: true, warnings: [] });
    expect(seen).toHaveLength(3);
  });

  it('gives up after three tries', async () => {
    const { address, seen } = await serve((_seen, response) => response.writeHead(500).end('sick'));
    expect((await pushTo(address)).warnings[0]).toMatch(/status 500: sick\.$/);
    expect(seen).toHaveLength(3);
  });

  it('does not wait for a server that hangs, longer than the deadline', async () => {
    const { address } = await serve(() => undefined);
    expect((await pushTo(address, deadline(300))).warnings[0]).toMatch(
      /: no complete response in the time that was left\.$/,
    );
  });

  it('does not wait for the end of a response that drips', async () => {
    const { address } = await serve((_seen, response) => {
      response.writeHead(500);
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect((await pushTo(address, deadline(500))).warnings[0]).toMatch(/no complete response/);
  });

  it('reads only the start of an error text, however long it is', async () => {
    const { address, seen } = await serve((_seen, response) => {
      response.writeHead(400);
      // Writes as fast as somebody reads, until the connection is closed.
      const write = () => (response.write('e'.repeat(1 << 20)) ? setImmediate(write) : undefined);
      response.on('drain', write).on('close', () => response.removeAllListeners('drain'));
      write();
    });
    const { warnings } = await pushTo(address);
    expect(warnings[0]?.length).toBeLessThan(500);
    expect(warnings[0]).toContain(`status 400: ${'e'.repeat(300)}…`);
    expect(seen).toHaveLength(1);
  });

  it('says where a redirect goes, and sends nothing there', async () => {
    const other = await serve((_seen, response) => response.writeHead(200).end());
    const { address, seen } = await serve((_seen, response) =>
      response.writeHead(307, { location: `${other.address}/x?token=a` }).end(),
    );
    expect((await pushTo(address.replace('//', '//ci:redirectpassword@'))).warnings[0]).toContain(
      `it redirects to ${other.address}/x (status 307), which is not followed. Give the final address.`,
    );
    expect([seen.length, other.seen.length]).toEqual([1, 0]);
  });

  it('takes a web page with status 200 for a failure', async () => {
    const { address } = await serve((_seen, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>'),
    );
    expect(await pushTo(address)).toMatchObject({
      sent: false,
      warnings: [expect.stringContaining('web page')],
    });
  });

  it('says that nobody listens', async () => {
    const { warnings } = await pushTo('http://127.0.0.1:1');
    expect(warnings[0]).toContain('Pushgateway at 127.0.0.1:1: connect ECONNREFUSED');
  });

  it('uses the proxy of the environment', async () => {
    const proxy = await serve((_seen, response) => response.end());
    vi.stubEnv('http_proxy', proxy.address);
    vi.stubEnv('no_proxy', '');
    expect((await pushTo('http://gateway.test:9091')).warnings[0]).toContain(
      'Pushgateway at gateway.test:9091: the proxy refused the connection with status 407; add its user and password',
    );
    expect(proxy.tunnels).toEqual(['gateway.test:9091', 'gateway.test:9091', 'gateway.test:9091']);
    vi.stubEnv('http_proxy', 'socks5://127.0.0.1:1');
    expect((await pushTo('http://gateway.test:9091')).warnings[0]).toContain('http_proxy is not the address');
  });

  it('sends nothing that the group would hide, and nothing without figures', async () => {
    const { address, seen } = await serve((_seen, response) => response.end());
    const endpoint = parseEndpoint('pushgateway', address);
    const hidden = { group: { job: 'build', conclusion: 'x' }, metrics: example() };
    expect((await push(endpoint, hidden, deadline())).warnings).toEqual([
      'Pushgateway: ci_job_memory_peak_bytes has the label conclusion, which the group would replace. Nothing was pushed.',
    ]);
    const empty = { group, metrics: checkMetrics([], { labels: [] }) };
    expect(await push(endpoint, empty, deadline())).toEqual({
      sent: false,
      warnings: ['Pushgateway: there are no figures to push.'],
    });
    expect(seen).toEqual([]);
  });
});

describe('sendOtlp', () => {
  it('adds the path of the signal, and sends headers', async () => {
    const { address, seen } = await serve((_seen, response) => response.end('{"partialSuccess":{}}'));
    expect(await otlpTo(`${address}/otlp`)).toEqual({ sent: true, warnings: [] });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/otlp/v1/metrics', body: '{}' });
    expect(seen[0]?.headers).toMatchObject({ 'api-key': 'k', 'content-type': 'application/json' });
  });

  it.each([429, 502, 503, 504])('sends again after a %s', async (status) => {
    const { address, seen } = await serve((_seen, response, count) =>
      count === 1 ? response.writeHead(status, { 'retry-after': '0' }).end() : response.end('{}'),
    );
    expect(await otlpTo(address)).toEqual({ sent: true, warnings: [] });
    expect(seen).toHaveLength(2);
  });

  it.each([429, 503])(
    'gives up at once if Retry-After of a %s is later than the deadline',
    async (status) => {
      const { address, seen } = await serve((_seen, response) =>
        response.writeHead(status, { 'retry-after': '3600' }).end('{"code":8,"message":"slow down"}'),
      );
      expect((await otlpTo(address)).warnings).toEqual([
        `OTLP (metrics) at ${new URL(address).host}: status ${status}: slow down. It asks to wait 3600 s, for which no time is left.`,
      ]);
      expect(seen).toHaveLength(1);
    },
  );

  it.each([400, 500])('does not send again after a %s', async (status) => {
    const { address, seen } = await serve((_seen, response) => response.writeHead(status).end());
    expect((await otlpTo(address)).sent).toBe(false);
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old\\n"}}',
      'it rejected 3 of the data: too old.',
    ],
    ['{"partialSuccess":{"errorMessage":"use gzip"}}', 'it took everything, and says: use gzip.'],
    ['garbage\u0007', 'it answered with status 200 and a text that is not JSON: garbage\\u0007.'],
  ])('tells what the server did not take: %j', async (text, message) => {
    const { address } = await serve((_seen, response) => response.end(text));
    expect(await otlpTo(address)).toEqual({
      sent: true,
      warnings: [`OTLP (metrics) at ${new URL(address).host}: ${message}`],
    });
  });

  it.each(['', '{}', 'null', '{"partialSuccess":null}', '{"partialSuccess":{"rejectedDataPoints":"0"}}'])(
    'takes %j for a full success',
    async (text) => {
      const { address } = await serve((_seen, response) => response.end(text));
      expect(await otlpTo(address)).toEqual({ sent: true, warnings: [] });
    },
  );
});
