import { expect, it } from 'vitest';
import { checkKind } from './check-kind.ts';

it.each([
  [{ arch: process.arch as 'x64' }, 'pass'],
  [{ cpu: { cores: '>=1' } }, 'pass'],
  [{ cpu: { cores: '100000' } }, 'fail'],
  [{ memory: '>= 1MiB' }, 'pass'],
  [{ memory: '1000TiB' }, 'fail'],
])('system: checks %j: %s', async (part, status) =>
  expect((await checkKind('system', part)).status).toBe(status),
);

it.each([{ cpu: { cores: 'many' } }, { memory: '>=8' }, { memory: '>=8 foo' }])(
  'system: rejects the amount in %j',
  async (part) => expect(checkKind('system', part)).rejects.toThrow(/expected a (?:number|size)/),
);
