import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const file = (name: string) => fileURLToPath(new URL(`../../src/simulator/${name}`, import.meta.url));

it.each(['SIGINT', 'SIGTERM'] as const)('simulator command line serves a fleet until %s', async (signal) => {
  const child = spawn(process.execPath, [file('cli.ts'), '--fleet', file('example-fleet.yml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const response = await fetch(`${url}/orgs/octo/actions/runners`, {
    headers: { authorization: 'token admin-token' },
  });
  expect(await response.json()).toMatchObject({ total_count: 2 });
  child.kill(signal);
  expect(await ended).toEqual([0, null]);
});

it('simulator command line prints its usage if --fleet is missing', async () => {
  const child = spawn(process.execPath, [file('cli.ts')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stderr), 'line')) as [string];
  expect(line).toContain('--fleet fleet.yml');
  expect(await ended).toEqual([1, null]);
});
