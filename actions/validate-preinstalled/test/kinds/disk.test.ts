import { expect, it } from 'vitest';
import { checkKind } from './check-kind.ts';

it.each([
  ['/', '>=1B', 'pass'],
  ['$ROOT', '1000000TiB', 'fail'],
  ['/no/such/folder', '1B', 'error'],
])('disk: checks whether %s has %s free: %s', async (path, free, status) =>
  expect((await checkKind('system', { disk: [{ path, free }] }, { ROOT: '/' })).status).toBe(status),
);
