import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../src/kernel-files.ts';
import { kernelTree } from '../kernel-tree.ts';

/** A process of a fixture. CPU times are in seconds, memory in pages of 4 KiB. */
export interface Fixture {
  pid: number;
  parent?: number;
  session?: number;
  start?: number;
  name?: string;
  cpu?: number;
  reaped?: number;
  pages?: number;
  trackingId?: string;
  state?: string;
  cgroup?: string;
  command?: string[];
}

function filesOf(process: Fixture): Record<string, string> {
  const { pid, parent = 1, session = pid, start = pid, name = `p${pid}`, state = 'S' } = process;
  const { cpu = 0, reaped = 0, pages = 0, trackingId, cgroup = '0::/', command = [name] } = process;
  const times = [cpu, 0, reaped, 0].map((seconds) => seconds * 100).join(' ');
  return {
    [`proc/${pid}/stat`]: `${pid} (${name}) ${state} ${parent} 1 ${session} 0 -1 0 1 2 3 4 ${times} 20 0 1 0 ${start} 1000 10`,
    [`proc/${pid}/statm`]: `9000 ${pages + 50} 50 1 0 1 0\n`,
    [`proc/${pid}/environ`]: trackingId === undefined ? '' : `A=1\0RUNNER_TRACKING_ID=${trackingId}\0`,
    [`proc/${pid}/cmdline`]: command.map((word) => `${word}\0`).join(''),
    [`proc/${pid}/cgroup`]: `${cgroup}\n`,
  };
}

/** Creates the kernel files of processes. `show` replaces all of them. */
export function processes(...first: Fixture[]): { kernel: Kernel; show(...now: Fixture[]): void } {
  const kernel = kernelTree({ 'proc/self/cgroup': '0::/\n' });
  const root = kernel.root ?? '';
  let shown: Fixture[] = [];
  const show = (...now: Fixture[]): void => {
    for (const { pid } of shown) rmSync(join(root, `proc/${pid}`), { recursive: true });
    for (const process of now) {
      mkdirSync(join(root, `proc/${process.pid}`));
      for (const [path, text] of Object.entries(filesOf(process))) writeFileSync(join(root, path), text);
    }
    shown = now;
  };
  show(...first);
  return { kernel, show };
}
