import { describe, expect, it } from 'vitest';
import { type Cgroup, findCgroup, lineage } from '../src/cgroup.ts';
import { readLimits } from '../src/cgroup-limits.ts';
import { readUsage } from '../src/cgroup-usage.ts';
import { hybridFiles, kernelTree, v1Files, v2Files } from './kernel-tree.ts';

describe('readLimits', () => {
  it.each([
    ['v1', v1Files],
    ['v2', v2Files],
    ['hybrid', hybridFiles],
  ])('reads limits of 2 GiB and 1.5 CPUs on a %s host', (_name, files) => {
    const kernel = kernelTree(files);
    const limits = readLimits(findCgroup(kernel) as Cgroup, kernel);
    expect(limits).toEqual({ memoryBytes: 2 ** 31, cpus: 1.5 });
  });

  it('treats "max" and -1 as no limit', () => {
    const second = kernelTree({
      ...v2Files,
      'sys/fs/cgroup/memory.max': 'max\n',
      'sys/fs/cgroup/cpu.max': 'max 100000\n',
    });
    const first = kernelTree({
      ...v1Files,
      'sys/fs/cgroup/cpu,cpuacct/ci/job/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/memory/ci/memory.limit_in_bytes': '9223372036854771712\n',
    });
    for (const kernel of [first, second]) {
      const limits = readLimits(findCgroup(kernel) as Cgroup, kernel);
      expect(limits).toEqual({ memoryBytes: undefined, cpus: undefined });
    }
  });
});

describe('findCgroup', () => {
  it('uses v1 on a hybrid host, where v2 has no controllers', () => {
    const cgroup = findCgroup(kernelTree(hybridFiles)) as Cgroup;
    expect(cgroup.memory).toEqual({
      version: 1,
      directory: '/sys/fs/cgroup/memory/ci/job',
      top: '/sys/fs/cgroup/memory',
    });
  });

  it('uses the mount point when the path is the host’s and is not visible in the container', () => {
    const kernel = kernelTree({
      ...v1Files,
      'proc/self/mountinfo': '30 25 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
      'proc/self/cgroup': '3:memory:/docker/abc\n',
    });
    expect((findCgroup(kernel) as Cgroup).memory?.directory).toBe('/sys/fs/cgroup/memory');
  });

  it('finds no controllers when none are mounted', () => {
    const kernel = kernelTree({ 'proc/self/mountinfo': '', 'proc/self/cgroup': '' });
    expect(findCgroup(kernel)).toEqual({ memory: undefined, cpu: undefined, cpuTime: undefined });
  });

  it('returns unknown with a reason on other platforms', () => {
    expect(findCgroup({ platform: 'darwin' })).toEqual({ unknown: 'Cgroups cannot be read on darwin' });
  });

  it('lists the folders of a controller up to the mount point', () => {
    expect(lineage({ version: 2, directory: '/c/a/b', top: '/c' })).toEqual(['/c/a/b', '/c/a', '/c']);
    expect(lineage({ version: 2, directory: '/c', top: '/c' })).toEqual(['/c']);
  });
});

describe('readUsage', () => {
  it('does not count reclaimable page cache', () => {
    const kernel = kernelTree(v2Files);
    expect(readUsage(findCgroup(kernel) as Cgroup, kernel)).toEqual({
      workingSetBytes: 1_100_000_000,
      anonymousBytes: 1_000_000_000,
      oomKills: 1,
      cpuSeconds: 3.5,
      throttledSeconds: 0.25,
    });
  });

  it('reads the usage from v1', () => {
    const kernel = kernelTree(v1Files);
    expect(readUsage(findCgroup(kernel) as Cgroup, kernel)).toEqual({
      workingSetBytes: 600,
      anonymousBytes: 300,
      oomKills: 2,
      cpuSeconds: 2.5,
      throttledSeconds: 0.5,
    });
  });
});
