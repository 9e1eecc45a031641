import { expect, it } from 'vitest';
import { readOsRelease } from '../../src/os-release-io.ts';
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

const id = readOsRelease()?.id;
it.skipIf(id === undefined)('system: knows a distribution in capitals too', async () => {
  expect((await checkKind('system', { os: { id: id?.toUpperCase() } })).status).toBe('pass');
  expect((await checkKind('system', { os: { id: `${id}x` } })).status).toBe('fail');
});
