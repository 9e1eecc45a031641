import { expect, it } from 'vitest';
import { disk } from '../../src/kinds/disk.ts';
import { ask } from './ask.ts';

it.each([
  ['/', '>=1B', 'pass'],
  ['$ROOT', '1000000TiB', 'fail'],
  ['/no/such/folder', '1B', 'error'],
])('%s with %s: %s', async (path, free, status) =>
  expect((await ask(disk, [{ path, free }], { ROOT: '/' })).status).toBe(status),
);
