import { expect, it } from 'vitest';
import { system } from '../../src/kinds/system.ts';
import { ask } from './ask.ts';

it.each([
  [{ arch: process.arch as 'x64' }, 'pass'],
  [{ cpu: { cores: '>=1' } }, 'pass'],
  [{ cpu: { cores: '100000' } }, 'fail'],
  [{ memory: '>= 1MiB' }, 'pass'],
  [{ memory: '1000TiB' }, 'fail'],
])('%j: %s', async (part, status) => expect((await ask(system, part)).status).toBe(status));

it.each([{ cpu: { cores: 'many' } }, { memory: '>=8' }, { memory: '>=8 foo' }])(
  'takes no %j for an amount',
  async (part) => expect(ask(system, part)).rejects.toThrow(/^a (?:number|size)/),
);
