import { expect, it } from 'vitest';
import { hostCapacity } from '../src/capacity.ts';
import { kernelTree, v2Files } from './kernel-tree.ts';

const machine = { cpus: 8, usableCpus: 8, memoryBytes: 2 ** 34 };

it('returns the smallest limit and its source', () => {
  expect(hostCapacity(kernelTree(v2Files), machine)).toEqual({
    cores: { value: 1.5, source: 'cgroup' },
    memory: { value: 2 ** 31, source: 'cgroup' },
  });
  expect(hostCapacity(kernelTree(v2Files), { ...machine, usableCpus: 1, memoryBytes: 2 ** 30 })).toEqual({
    cores: { value: 1, source: 'affinity' },
    memory: { value: 2 ** 30, source: 'machine' },
  });
});

it('returns the limits of the machine when there is no cgroup, on any platform', () => {
  const whole = { cores: { value: 8, source: 'machine' }, memory: { value: 2 ** 34, source: 'machine' } };
  expect(hostCapacity({ platform: 'win32' }, machine)).toEqual(whole);
  expect(hostCapacity(kernelTree({}), machine)).toEqual(whole);
});

it('reads the CPU affinity from the kernel, and a fractional quota from the cgroup', () => {
  const status = (list: string) => ({ 'proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\n` });
  expect(hostCapacity(kernelTree(status('3'))).cores).toEqual({ value: 1, source: 'affinity' });
  const wide = hostCapacity(kernelTree({ ...v2Files, ...status('0-3,8-11') }));
  expect(wide.cores).toEqual({ value: 1.5, source: 'cgroup' });
});

it('returns at least one core', () => {
  expect(hostCapacity({ platform: 'darwin' }, { cpus: 0, usableCpus: 0, memoryBytes: 1 }).cores.value).toBe(
    1,
  );
});
