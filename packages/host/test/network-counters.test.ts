import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkCounters, parseNetworkDevices } from '../src/network-counters.ts';
import { leadingOutByName } from '../src/network-links.ts';
import { kernelTree } from './kernel-tree.ts';
import { addInterface, networkDevices, networkTree, type StubInterface } from './network-tree.ts';

/**
 * Hardware that received 1,000 bytes. All that is virtual carries the same bytes again, so 1,000 is right.
 */
const card: StubInterface = { device: 'pci', bytes: 1_000 };
const copy = { bytes: 1_000 };
const tunnel = { ...copy, type: 65534 };
const bridge = { ...copy, folder: 'bridge', kind: 'bridge' } as const;
/** The end of a container: its other end has a number in another namespace. */
const end = { ...copy, link: 99 };

const machines: Record<string, Record<string, StubInterface>> = {
  'one interface': { eth0: card },
  'a bond of two with a VLAN on it': {
    eth0: { device: 'pci', bytes: 600, master: 'bond0' },
    eth1: { device: 'pci', bytes: 400, master: 'bond0' },
    bond0: { ...copy, folder: 'bonding', kind: 'bond', lower: ['eth0', 'eth1'] },
    'bond0.10': { ...copy, kind: 'vlan', lower: ['bond0'], link: 4 },
  },
  'a team': {
    eth0: { ...card, master: 'team0' },
    team0: { ...copy, lower: ['eth0'] },
  },
  'a bridge over a card': {
    eth0: { ...card, master: 'br0' },
    br0: { ...bridge, lower: ['eth0'] },
  },
  'Proxmox with a guest behind its firewall': {
    eno1: { ...card, master: 'vmbr0' },
    vmbr0: { ...bridge, lower: ['eno1', 'fwpr100p0'] },
    tap100i0: { ...copy, folder: 'tun_flags', master: 'fwbr100i0' },
    fwbr100i0: { ...bridge, lower: ['tap100i0', 'fwln100i0'] },
    fwpr100p0: { ...copy, index: 6, link: 7, master: 'vmbr0' },
    fwln100i0: { ...copy, index: 7, link: 6, master: 'fwbr100i0' },
  },
  'tunnels over a card': {
    eth0: card,
    wg0: { ...tunnel, kind: 'wireguard' },
    tun0: { ...tunnel, folder: 'tun_flags' },
    tunl0: { ...copy, type: 768 },
    gre1: { ...copy, type: 778 },
    'vxlan.calico': { ...copy, kind: 'vxlan', link: 2 },
  },
  'containers of docker, podman, Kubernetes and LXC': {
    eth0: card,
    docker0: { ...bridge, lower: ['veth1a2b3c'] },
    'br-0123456789ab': bridge,
    veth1a2b3c: { ...end, master: 'docker0' },
    cni0: bridge,
    'flannel.1': { ...copy, kind: 'vxlan', link: 2 },
    cali0123456789a: end,
    cilium_net: { ...copy, index: 20, link: 21 },
    cilium_host: { ...copy, index: 21, link: 20 },
    lxc12ab34: end,
    lxcbr0: bridge,
    virbr0: bridge,
    podman0: bridge,
  },
  'macvlan and ipvlan on a card': {
    eth0: card,
    macvlan1: { ...copy, kind: 'macvlan', lower: ['eth0'], link: 2 },
    ipvl1: { ...copy, lower: ['eth0'], link: 2 },
  },
  IPoIB: { ib0: { ...card, type: 32 } },
  'a bond of IPoIB': {
    ib0: { ...card, type: 32, master: 'bond0' },
    bond0: { ...copy, type: 32, folder: 'bonding', kind: 'bond', lower: ['ib0'] },
  },
  'a partition of IPoIB, which counts for itself': {
    ib0: { device: 'pci', bytes: 300, type: 32 },
    'ib0.8001': { type: 32, bytes: 700, link: 2 },
  },
  'a virtual function below the interface of Hyper-V': {
    eth0: { device: 'vmbus', bytes: 1_000, lower: ['enP1s1'] },
    enP1s1: { device: 'pci', bytes: 900, master: 'eth0' },
  },
  'ports of a switch chip above the card that feeds them': {
    eth0: card,
    lan1: { device: 'platform', bytes: 900, lower: ['eth0'], link: 2 },
  },
  'guests behind Xen and behind virtual functions': {
    eth0: { ...card, master: 'xenbr0' },
    xenbr0: { ...bridge, lower: ['eth0', 'vif1.0'] },
    'vif1.0': { device: 'xen-backend', bytes: 900, master: 'xenbr0' },
    eth0_0: { device: 'pci', bytes: 900, port: 'pf0vf0' },
  },
  'a radio with a monitor': { wlan0: card, mon0: { device: 'pci', bytes: 900, type: 803 } },
  'a container with one end of a pair': { eth0: { ...copy, index: 5, link: 6 } },
  'a container on macvlan': { eth0: { ...copy, index: 5, link: 2, kind: 'macvlan' } },
  'a container with containers inside': {
    eth0: { ...copy, index: 5, link: 60 },
    docker0: { ...bridge, lower: ['vethaa'] },
    vethaa: { ...end, master: 'docker0' },
    cali0123: end,
  },
  'a container with a VPN over its way out': {
    eth0: { ...copy, link: 60 },
    tailscale0: { ...tunnel, folder: 'tun_flags' },
  },
  'only a tunnel': { tailscale0: { ...tunnel, folder: 'tun_flags' } },
  'a rootless container': { tap0: { ...copy, folder: 'tun_flags' } },
};

describe('networkCounters', () => {
  it.each(Object.entries(machines))('counts each byte once: %s', (_title, interfaces) => {
    const counters = networkCounters(networkTree(interfaces));
    expect(counters.read()).toEqual({ receivedBytes: 1_000, sentBytes: 100 });
    expect(counters.note()).toBeUndefined();
  });

  it('goes by names, and says so, where sysfs is not there', () => {
    const bytes = { lo: 7, eth0: 500, wlan0: 500, bond0: 9, 'eth0.10': 9, docker0: 9, tun0: 9, vmbr0: 9 };
    const counters = networkCounters(kernelTree({ 'proc/net/dev': networkDevices(bytes) }));
    expect(counters.read()?.receivedBytes).toBe(1_000);
    expect(counters.note()).toContain('cannot be read');
  });

  it('goes by names where sysfs shows another namespace', () => {
    const kernel = networkTree({ eth7: card });
    writeFileSync(join(kernel.root!, 'proc/net/dev'), networkDevices({ lo: 1, eth0: 1_000, vethab: 9 }));
    const counters = networkCounters(kernel);
    expect(counters.read()?.receivedBytes).toBe(1_000);
    expect(counters.note()).toContain('does not show all');
  });

  it.each(['', 'Inter-|   Receive\n face |bytes\n'])(
    'returns undefined where the counters are hidden: %j',
    (text) => {
      const counters = networkCounters(kernelTree({ 'proc/net/dev': text }));
      expect(counters.read()).toBeUndefined();
      expect(counters.note()).toContain('/proc/net/dev cannot be read');
      expect(networkCounters(kernelTree({})).read()).toBeUndefined();
    },
  );

  it('returns undefined where nothing leads out', () => {
    expect(networkCounters(networkTree({ docker0: bridge })).read()).toBeUndefined();
  });
});

describe('networkCounters over time', () => {
  const set = (root: string, bytes: Record<string, number>): void =>
    writeFileSync(join(root, 'proc/net/dev'), networkDevices(bytes));

  it('never falls when an interface goes, comes back or starts again at 0', () => {
    const kernel = networkTree({ eth0: card, eth1: card });
    const counters = networkCounters(kernel);
    const read = (bytes: Record<string, number>): number | undefined => {
      set(kernel.root!, bytes);
      return counters.read()?.receivedBytes;
    };
    expect(read({ eth0: 1_000, eth1: 1_000 })).toBe(2_000);
    expect(read({ eth0: 1_100 })).toBe(2_100);
    expect(read({ eth0: 1_200, eth1: 5_000 })).toBe(2_200);
    expect(read({ eth0: 10, eth1: 5_050 })).toBe(2_250);
    expect(read({ eth0: 30, eth1: 5_050 })).toBe(2_270);
  });

  it('sees hardware that appears later, and does not read links again while the names stay', () => {
    const kernel = networkTree({ eth0: card });
    const counters = networkCounters(kernel);
    counters.read();
    addInterface(kernel, 'eth1', { device: 'usb' }, 9);
    set(kernel.root!, { eth0: 1_000, eth1: 0 });
    counters.read();
    rmSync(join(kernel.root!, 'sys'), { recursive: true });
    mkdirSync(join(kernel.root!, 'sys'));
    set(kernel.root!, { eth0: 1_000, eth1: 50 });
    expect(counters.read()?.receivedBytes).toBe(1_050);
    expect(counters.note()).toBeUndefined();
  });
});

it('parseNetworkDevices takes names with odd characters, and skips lines that are cut', () => {
  const row = ' 5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n';
  const found = parseNetworkDevices(
    `a:b:${row}__proto__:${row}\u{1f600}%$(x):${row}../x:${row}eth0: 5 1 0\n`,
  );
  expect([...found.keys()]).toEqual(['a:b', '__proto__', '\u{1f600}%$(x)', '../x']);
  expect(found.get('__proto__')).toEqual([5, 6]);
});

it('never opens a path outside of sysfs for the name of an interface', () => {
  const kernel = kernelTree({ 'proc/net/dev': networkDevices({ '..': 5, 'a/../../b': 5, eth0: 5 }) });
  expect(networkCounters(kernel).read()).toEqual({ receivedBytes: 15, sentBytes: 1.5 });
});

it('leadingOutByName falls back to tunnels', () => {
  expect([...leadingOutByName(['lo', 'wg0', 'docker0'])]).toEqual(['wg0']);
});
