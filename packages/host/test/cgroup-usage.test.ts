import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cgroup, cgroupAt, findCgroup } from '../src/cgroup.ts';
import { parseIoStat, parseServiceBytes } from '../src/cgroup-traffic.ts';
import { type CgroupUsage, readUsage, readUsageOf } from '../src/cgroup-usage.ts';
import type { Kernel } from '../src/kernel-files.ts';
import { parsePressure } from '../src/pressure.ts';
import { hybridFiles, kernelTree, v1Files, v2Files } from './kernel-tree.ts';

const pressure = (some: number, full: number): string =>
  `some avg10=21.13 avg60=5.29 avg300=8.32 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;
const pressureFiles = (folder: string): Record<string, string> => ({
  [`${folder}/cgroup.type`]: 'domain\n',
  [`${folder}/cpu.pressure`]: pressure(3_000_000, 0),
  [`${folder}/memory.pressure`]: pressure(9_000_000, 2_000_000),
  [`${folder}/io.pressure`]: pressure(9_000_000, 1_500_000),
});
const waits = { cpuPressureSeconds: 3, memoryPressureSeconds: 2, ioPressureSeconds: 1.5 };
/** LVM on vda: what the volume counts passes through the disk. The loop device passes to it as well. */
const ioStat = `253:0 rbytes=1000 wbytes=2000 rios=3 wios=4 dbytes=0 dios=0
254:0 rbytes=1000 wbytes=2000 rios=3 wios=4 dbytes=0 dios=0
7:1 rbytes=500 wbytes=500 rios=1 wios=1 dbytes=0 dios=0
259:0 \n`;

function withBlockDevices(kernel: Kernel): Kernel {
  const devices = { '253:0': 'dm-0', '254:0': 'vda', '7:1': 'loop1' };
  for (const [number, name] of Object.entries(devices)) {
    const link = join(kernel.root!, 'sys/dev/block', number);
    mkdirSync(dirname(link), { recursive: true });
    mkdirSync(join(kernel.root!, 'sys/block', name, 'slaves'), { recursive: true });
    symlinkSync(`../../devices/virtual/block/${name}`, link);
  }
  return kernel;
}
const own = (kernel: Kernel): CgroupUsage => readUsage(findCgroup(kernel) as Cgroup, kernel);

describe('readUsage', () => {
  it('reads pressure and traffic from v2, and counts each byte at its disk', () => {
    const files = { ...v2Files, ...pressureFiles('sys/fs/cgroup'), 'sys/fs/cgroup/io.stat': ioStat };
    const usage = own(withBlockDevices(kernelTree(files)));
    expect(usage).toMatchObject({ ...waits, readBytes: 1_000, writtenBytes: 2_000 });
  });

  it('reads the traffic from v1 with that of child cgroups, and has no pressure there', () => {
    const folder = 'sys/fs/cgroup/blkio/ci/job';
    const kernel = kernelTree({
      ...v1Files,
      'proc/self/mountinfo': `${v1Files['proc/self/mountinfo']}39 25 0:39 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n`,
      'proc/self/cgroup': `${v1Files['proc/self/cgroup']}7:blkio:/ci/job\n`,
      [`${folder}/blkio.throttle.io_service_bytes`]: '254:0 Read 1\n254:0 Write 1\nTotal 2\n',
      [`${folder}/blkio.throttle.io_service_bytes_recursive`]:
        '254:0 Read 1000\n254:0 Write 2000\n254:0 Sync 1000\n254:0 Total 3000\nTotal 3000\n',
    });
    expect(own(withBlockDevices(kernel))).toMatchObject({ readBytes: 1_000, writtenBytes: 2_000 });
    expect(own(kernel).cpuPressureSeconds).toBeUndefined();
    // Recorded from Linux 6.18, which counts nothing on a disk without a limit.
    const [list, none] = [
      join(kernel.root!, folder, 'blkio.throttle.io_service_bytes_recursive'),
      'Total 0\n',
    ];
    writeFileSync(list, none);
    expect(own(kernel).readBytes).toBeUndefined();
  });

  it('takes memory and CPU from v1 and pressure from v2 on a hybrid host', () => {
    const kernel = kernelTree({ ...hybridFiles, ...pressureFiles('sys/fs/cgroup/unified/ci/job') });
    expect(own(kernel)).toMatchObject({ workingSetBytes: 600, cpuSeconds: 2.5, ...waits });
  });

  it('does not give the pressure of the whole machine for that of a cgroup', () => {
    const { 'sys/fs/cgroup/unified/cgroup.type': _, ...root } = pressureFiles('sys/fs/cgroup/unified');
    const atRoot = { 'proc/self/cgroup': '3:memory:/ci/job\n2:cpu,cpuacct:/ci/job\n0::/\n' };
    expect(own(kernelTree({ ...hybridFiles, ...root, ...atRoot })).cpuPressureSeconds).toBeUndefined();
  });

  it('takes the CPU time of its own folder where only a parent has the CPU controller', () => {
    const kernel = kernelTree({
      ...v2Files,
      'proc/self/cgroup': '0::/user/job\n',
      'sys/fs/cgroup/user/job/cgroup.controllers': 'memory pids\n',
      'sys/fs/cgroup/user/job/cpu.stat': 'usage_usec 1250000\n',
    });
    expect(own(kernel)).toMatchObject({ cpuSeconds: 1.25, throttledSeconds: 0.25 });
  });

  it('does not give the traffic of a parent', () => {
    const files = { 'proc/self/cgroup': '0::/user\n', 'sys/fs/cgroup/user/cgroup.controllers': 'memory\n' };
    expect(
      own(kernelTree({ ...v2Files, ...files, 'sys/fs/cgroup/io.stat': ioStat })).readBytes,
    ).toBeUndefined();
  });
});

describe('readUsageOf', () => {
  const scope = '/system.slice/docker-0a1b.scope';
  const second = kernelTree({
    ...v2Files,
    [`sys/fs/cgroup${scope}/cgroup.controllers`]: 'cpu io memory pids\n',
    [`sys/fs/cgroup${scope}/cpu.stat`]: 'usage_usec 7000000\n',
    [`sys/fs/cgroup${scope}/memory.stat`]: 'anon 42\n',
    ...pressureFiles(`sys/fs/cgroup${scope}`),
  });

  it.each([scope, `/sys/fs/cgroup${scope}`, `0::${scope}\n`])('reads another cgroup of v2: %j', (path) => {
    expect(readUsageOf(path, second)).toMatchObject({ cpuSeconds: 7, anonymousBytes: 42, ...waits });
  });

  it.each(['/ci/job', '/sys/fs/cgroup/memory/ci/job', '3:memory:/ci/job\n2:cpu,cpuacct:/ci/job\n0::/\n'])(
    'reads another cgroup of v1, from whichever folder: %j',
    (path) => {
      const kernel = kernelTree({ ...v1Files, 'proc/self/cgroup': '3:memory:/\n2:cpu,cpuacct:/\n' });
      expect(readUsageOf(path, kernel)).toMatchObject({ workingSetBytes: 600, cpuSeconds: 2.5 });
    },
  );

  it.each(['/gone.scope', '/../../etc', 'ci/job', '', '3:memory:/gone\n'])(
    'returns unknown, never the usage of this process, for %j',
    (path) => {
      for (const files of [v1Files, v2Files])
        expect(readUsageOf(path, kernelTree(files))).toHaveProperty('unknown');
    },
  );

  it('returns unknown for the cgroup of another container, which the mount does not show', () => {
    const mount = '30 25 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n';
    const kernel = kernelTree({ ...v2Files, 'proc/self/mountinfo': mount });
    expect(readUsageOf('/docker/xyz', kernel)).toEqual({ unknown: 'No cgroup hierarchy has /docker/xyz' });
    expect(readUsageOf('/docker/abc', kernel)).toMatchObject({ cpuSeconds: 3.5 });
  });

  it('returns unknown on other platforms', () => {
    expect(cgroupAt('/x', { platform: 'win32' })).toHaveProperty('unknown');
  });
});

it('parseIoStat and parseServiceBytes skip what is no count', () => {
  expect([...parseIoStat('garbage\n8:0 rbytes=1\n\n8:16 wbytes=2 rbytes=1\n')]).toEqual([
    ['8:16', { readBytes: 1, writtenBytes: 2 }],
  ]);
  expect([...parseServiceBytes('Total 0\n8:0 Read x\n8:16 Write 5\n')]).toEqual([
    ['8:16', { readBytes: 0, writtenBytes: 5 }],
  ]);
});

it('parsePressure returns undefined for a line that an older kernel lacks', () => {
  expect(parsePressure(pressure(2_500_000, 500_000), 'some')).toBe(2.5);
  expect(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n', 'full')).toBeUndefined();
});
