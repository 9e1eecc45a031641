import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { openStore, singleFlight } from '../src/index.ts';
import { space } from './fixture.ts';

it('runs the work once when a second job looked before the first job finished', async () => {
  const store = openStore(join(mkdtempSync(join(tmpdir(), 'flight-')), 'store'));
  let there: string | undefined;
  let worked = 0;
  const fly = (): Promise<string> =>
    singleFlight(store, space(), 'k', {
      look: () => there,
      work: () => Promise.resolve((there = `done ${(worked += 1)}`)),
      deadline: startDeadline(10_000),
      purpose: 'octo/app',
      onWait: () => undefined,
    });
  // The second call looked before the first one finished, and starts after it.
  expect([await fly(), await fly()]).toEqual(['done 1', 'done 1']);
  expect(readdirSync(join(store.root, 'locks'))).toEqual([]);
});
