import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { openStore, singleFlight } from '../src/index.ts';
import { space } from './fixture.ts';

it('of jobs that want one thing one after another the first does the work, too', async () => {
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
  // The second one looked before the first had it, and comes when the first has gone.
  expect([await fly(), await fly()]).toEqual(['done 1', 'done 1']);
  expect(readdirSync(join(store.root, 'locks'))).toEqual([]);
});
