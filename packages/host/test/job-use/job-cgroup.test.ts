import { expect, it } from 'vitest';
import { holdsOnlyJob } from '../../src/job-use/job-cgroup.ts';
import { kernelTree } from '../kernel-tree.ts';

const top = '/sys/fs/cgroup';
const unit = { version: 2, directory: `${top}/runner.service`, top } as const;
const ours = (pid: number): boolean => [7, 8].includes(pid);
const holds = (files: Record<string, string>, place: { directory: string } = unit): boolean => {
  const controller = { ...unit, ...place };
  return holdsOnlyJob({ memory: controller, cpuTime: controller }, ours, 7, kernelTree(files));
};
const procs = 'sys/fs/cgroup/runner.service/cgroup.procs';

it('takes the cgroup of a service in which only the job and its runner are', () => {
  expect(holds({ [procs]: '7\n8\n' })).toBe(true);
  expect(holds({ [procs]: '7\n', 'sys/fs/cgroup/runner.service/child/cgroup.procs': '8\n' })).toBe(true);
});

it.each([
  ['that holds another process', { [procs]: '7\n9\n' }],
  ['with another process below it', { [procs]: '7\n', 'sys/fs/cgroup/runner.service/a/cgroup.procs': '9\n' }],
  ['that does not hold this process, as a parent', { [procs]: '8\n' }],
  ['with a process of another namespace', { [procs]: '7\n0\n' }],
  ['that cannot be read', {}],
])('does not take a cgroup %s', (_case, files: Record<string, string>) => {
  expect(holds(files)).toBe(false);
});

it('does not take the top of the hierarchy, which is the whole machine', () => {
  expect(holds({ 'sys/fs/cgroup/cgroup.procs': '7\n8\n' }, { directory: top })).toBe(false);
});

it('needs counters of memory and of CPU time', () => {
  const kernel = kernelTree({ [procs]: '7\n' });
  expect(holdsOnlyJob({ memory: unit, cpuTime: undefined }, ours, 7, kernel)).toBe(false);
});
