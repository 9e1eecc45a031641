import { expect, it } from 'vitest';
import { slowestFirst } from '../src/slowest-first.ts';
import { requirementsOf } from './kinds/check-kind.ts';

it('begins with what takes longest, and keeps the order of the manifest among equals', async () => {
  const requirements = [
    ...(await requirementsOf('files', [{ path: '/a' }])),
    ...(await requirementsOf('tools', { git: 'latest', gcloud: 'latest', node: 'latest' })),
    ...(await requirementsOf('oci', { runtime: ['crun'] })),
  ];
  const names = slowestFirst(requirements).map((index) => requirements[index]?.name);
  expect(names.slice(-4)).toEqual(['gcloud', 'git', 'node', '/a']);
  expect(names).toHaveLength(requirements.length);
});
