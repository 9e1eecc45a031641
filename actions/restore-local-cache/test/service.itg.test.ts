import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { openService } from '../src/github/service.ts';

it('says that the service gave no reason, where its message is empty', async () => {
  const server = createServer((_request, response) => response.end('{"ok":false,"message":""}'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const service = openService(
    {
      ACTIONS_RUNTIME_TOKEN: 'token',
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    },
    'https://github.com',
  );
  await expect(service?.reserve('k', 'v', startDeadline(60_000))).rejects.toThrow(
    'gave no place, and no reason',
  );
  server.close();
});
