import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Kernel } from '../src/kernel-files.ts';

/** Creates a folder with stub kernel files, to be read instead of the machine's. */
export function kernelTree(files: Record<string, string>): Kernel {
  const root = mkdtempSync(join(tmpdir(), 'kernel-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, platform: 'linux' };
}

const v1Mounts = ['memory', 'cpu,cpuacct'].map(
  (name, index) => `3${index} 25 0:3${index} / /sys/fs/cgroup/${name} rw,nosuid - cgroup cgroup rw,${name}\n`,
);

/** A v1 host. The quota is 1.5 CPUs. The memory limit of 2 GiB is set on the parent folder. */
export const v1Files: Record<string, string> = {
  'proc/self/mountinfo': v1Mounts.join(''),
  'proc/self/cgroup': '3:memory:/ci/job\n2:cpu,cpuacct:/ci/job\n',
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  'sys/fs/cgroup/memory/ci/memory.limit_in_bytes': '2147483648\n',
  'sys/fs/cgroup/memory/ci/job/memory.limit_in_bytes': '9223372036854771712\n',
  'sys/fs/cgroup/memory/ci/job/memory.usage_in_bytes': '1000\n',
  'sys/fs/cgroup/memory/ci/job/memory.stat': 'total_inactive_file 400\ntotal_rss 300\n',
  'sys/fs/cgroup/memory/ci/job/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  'sys/fs/cgroup/cpu,cpuacct/ci/job/cpu.cfs_quota_us': '150000\n',
  'sys/fs/cgroup/cpu,cpuacct/ci/job/cpu.cfs_period_us': '100000\n',
  'sys/fs/cgroup/cpu,cpuacct/ci/job/cpuacct.usage': '2500000000\n',
  'sys/fs/cgroup/cpu,cpuacct/ci/job/cpu.stat': 'nr_throttled 1\nthrottled_time 500000000\n',
};

/** A container on a v2 host. The namespace shows this process's cgroup as the root. */
export const v2Files: Record<string, string> = {
  'proc/self/mountinfo': '30 25 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n',
  'proc/self/cgroup': '0::/\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  'sys/fs/cgroup/memory.max': '2147483648\n',
  'sys/fs/cgroup/memory.current': '2147000000\n',
  'sys/fs/cgroup/memory.stat': 'anon 1000000000\nfile 1100000000\ninactive_file 1047000000\n',
  'sys/fs/cgroup/memory.events': 'low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n',
  'sys/fs/cgroup/cpu.max': '150000 100000\n',
  'sys/fs/cgroup/cpu.stat': 'usage_usec 3500000\nnr_throttled 4\nthrottled_usec 250000\n',
};

/** A hybrid host. v1 has the controllers; v2 is mounted without controllers. */
export const hybridFiles: Record<string, string> = {
  ...v1Files,
  'proc/self/mountinfo': `${v1Mounts.join('')}40 25 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
  'proc/self/cgroup': '3:memory:/ci/job\n2:cpu,cpuacct:/ci/job\n0::/ci/job\n',
  'sys/fs/cgroup/unified/cgroup.controllers': '\n',
  'sys/fs/cgroup/unified/memory.max': '1\n',
};
