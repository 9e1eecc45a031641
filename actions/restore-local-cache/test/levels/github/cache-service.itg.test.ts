import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { openCacheService } from '../../../src/levels/github/cache-service.ts';

it('reports that the service gave no reason when its message is empty', async () => {
  const server = createServer((_request, response) => response.end('{"ok":false,"message":""}'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const service = openCacheService(
    {
      ACTIONS_RUNTIME_TOKEN: 'token',
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    },
    'https://github.com',
  );
  await expect(service?.reserve('k', 'v', startDeadline(60_000))).rejects.toThrow(
    'did not reserve the entry and gave no reason',
  );
  server.close();
});

it.each([
  ['an endless response', 200],
  ['an endless error response', 400],
])('reads only a limited part of %s', async (_what, status) => {
  let sent = 0;
  const server = createServer((_request, response) => {
    response.writeHead(status);
    const more = (): void => {
      if (response.destroyed || sent > 1 << 26) return void response.end();
      sent += 1 << 16;
      response.write(Buffer.alloc(1 << 16, ' '), () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ACTIONS_RUNTIME_TOKEN: 'token', ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: url };
  const service = openCacheService(env, 'https://github.com');
  await expect(service?.lookUp(['k'], 'v', startDeadline(60_000))).rejects.toThrow(
    /more than 1048576 bytes|^400/,
  );
  expect(sent).toBeLessThan(1 << 25);
  server.closeAllConnections();
  server.close();
});
