import { startDeadline } from '@runner-actions/core';
import { serve } from '@runner-actions/testing/servers';
import { expect, it } from 'vitest';
import { parseEndpoint, push } from '../src/index.ts';
import { example } from './examples.ts';

it('a server that never answers is asked three times, and not waited for', async () => {
  const { address, seen } = await serve(() => undefined);
  const options = { group: { job: 'build' }, metrics: example() };
  expect(await push(parseEndpoint('pushgateway', address), options, startDeadline(120_000))).toEqual({
    sent: false,
    warnings: [`Pushgateway at ${new URL(address).host}: no complete response within 5 s.`],
  });
  expect(seen).toHaveLength(3);
});
