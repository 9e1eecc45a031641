import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Kernel } from '../src/kernel-files.ts';
import { kernelTree } from './kernel-tree.ts';

/** An interface as sysfs shows it. Left out: Ethernet, virtual, linked to nothing, and counters of 0. */
export interface StubInterface {
  type?: number;
  index?: number;
  link?: number;
  /** The subsystem of its device: `pci`, `virtio`, `xen-backend`. */
  device?: string;
  port?: string;
  master?: string;
  lower?: string[];
  folder?: 'bridge' | 'bonding' | 'tun_flags';
  kind?: string;
  bytes?: number;
}

const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
/** The text of `/proc/net/dev`. An interface sends a tenth of what it receives. */
export const networkDevices = (bytes: Record<string, number>): string =>
  head +
  Object.entries(bytes)
    .map(([name, count]) => `${name.padStart(6)}: ${count} 9 0 0 0 0 0 0 ${count / 10} 9 0 0 0 0 0 0\n`)
    .join('');

/**
 * Creates `/proc/net/dev` and `/sys/class/net`, with `lo`. Sysfs is made as of Linux 6.18, read on a virtual
 * machine.
 */
export function networkTree(interfaces: Record<string, StubInterface>): Kernel {
  const all: Record<string, StubInterface> = { lo: { type: 772, bytes: 7_000_000 }, ...interfaces };
  const bytes = Object.fromEntries(Object.entries(all).map(([name, each]) => [name, each.bytes ?? 0]));
  const kernel = kernelTree({ 'proc/net/dev': networkDevices(bytes) });
  Object.entries(all).forEach(([name, each], position) => addInterface(kernel, name, each, position + 1));
  return kernel;
}

export function addInterface(kernel: Kernel, name: string, each: StubInterface, index: number): void {
  const folder = join(kernel.root!, 'sys/class/net', name);
  const file = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  file('type', `${each.type ?? 1}\n`);
  file('ifindex', `${each.index ?? index}\n`);
  file('iflink', `${each.link ?? each.index ?? index}\n`);
  file('uevent', `${each.kind ? `DEVTYPE=${each.kind}\n` : ''}INTERFACE=${name}\nIFINDEX=${index}\n`);
  file('phys_port_name', each.port ? `${each.port}\n` : '');
  if (each.folder) file(each.folder === 'tun_flags' ? 'tun_flags' : `${each.folder}/state`, '0\n');
  if (each.master) symlinkSync(`../${each.master}`, join(folder, 'master'));
  for (const lower of each.lower ?? []) symlinkSync(`../${lower}`, join(folder, `lower_${lower}`));
  if (!each.device) return;
  mkdirSync(join(folder, 'device'));
  symlinkSync(`../../../../bus/${each.device}`, join(folder, 'device/subsystem'));
}
