import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { acceptsConnections } from '../../src/network/sockets-io.ts';
import { checkKind } from './check-kind.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function listen(host: string): Promise<number> {
  const server = createServer(() => undefined);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  closers.push(() => server.close());
  return (server.address() as { port: number }).port;
}

async function bindUdp(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  closers.push(() => socket.close());
  return socket.address().port;
}

describe.skipIf(process.platform !== 'linux')('ports', () => {
  it('finds a port that listens, and one that is taken, with the user', async () => {
    const port = await listen('127.0.0.1');
    expect(await checkKind('ports', [{ port }])).toMatchObject({
      status: 'pass',
      found: 'listening on 127.0.0.1',
    });
    expect(await checkKind('ports', [{ port, is: 'free' }])).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^taken on 127\.0\.0\.1 by a process of \S+$/),
      advice: `Find it with 'sudo ss -ltnp sport = :${port}', and stop it.`,
    });
  });

  it('tells the addresses apart', async () => {
    const port = await listen('127.0.0.1');
    expect(await checkKind('ports', [{ port, address: '127.0.0.2' }])).toMatchObject({
      status: 'fail',
      found: 'listening on 127.0.0.1 only',
    });
    expect(await checkKind('ports', [{ port, address: '127.0.0.2', is: 'free' }])).toMatchObject({
      status: 'pass',
    });
  });

  it('notices that the server has gone', async () => {
    const port = await listen('127.0.0.1');
    closers.splice(0).forEach((close) => close());
    await expect.poll(async () => (await checkKind('ports', [{ port }])).found).toBe('nothing listens');
    expect(await checkKind('ports', [{ port, is: 'free' }])).toMatchObject({ status: 'pass' });
  });

  it('does not confuse the protocols', async () => {
    const port = await bindUdp();
    expect(await checkKind('ports', [{ port, protocol: 'udp' }])).toMatchObject({ status: 'pass' });
    expect(await checkKind('ports', [{ port, protocol: 'udp', is: 'free' }])).toMatchObject({
      status: 'fail',
    });
  });

  it.each([{ port: 0 }, { port: 65_536 }, { port: 1.5 }, { port: 80, address: 'localhost' }])(
    'refuses %j',
    async (spec) => {
      await expect(checkKind('ports', [spec])).rejects.toThrow(/expected/);
    },
  );
});

it('a connection tells whether something listens, where there is no table', async () => {
  const port = await listen('127.0.0.1');
  const { signal } = new AbortController();
  expect(await acceptsConnections(port, '127.0.0.1', signal)).toBe(true);
  closers.splice(0).forEach((close) => close());
  await expect.poll(() => acceptsConnections(port, '127.0.0.1', signal)).toBe(false);
});
