import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { type Kernel, kernelPath, readKernel } from './kernel-files.ts';

/** How the kernel links one network interface to others. */
export interface InterfaceLinks {
  name: string;
  /**
   * Numbers of the interface, and of the one that it is stacked on or paired with. That one may be in another
   * namespace.
   */
  index: number;
  link: number;
  /** ARPHRD number of `linux/if_arp.h`. */
  type: number;
  /** Hardware, or what a hypervisor gives for hardware. Not a window of this machine to a guest. */
  isHardware: boolean;
  /** The interface that this one belongs to: a bridge, bond or team. */
  master: string | undefined;
  /** The interfaces that this one is stacked on. */
  lower: readonly string[];
  /** A bridge, bond or the like, also an empty one. */
  isMaster: boolean;
  isTunnel: boolean;
}

/** ARPHRD_LOOPBACK. */
const loopback = 772;
/** ARPHRD_INFINIBAND. */
const infiniband = 32;
/** ARPHRD_IEEE80211 and its monitor types: they repeat what another interface of the radio counts. */
const monitors = new Set([801, 802, 803, 804, 824]);
/** ARPHRD_NONE, PPP, TUNNEL, TUNNEL6, SIT, IPDDP, IPGRE, IP6GRE. */
const tunnels = new Set([65534, 512, 768, 769, 776, 777, 778, 823]);
/** `DEVTYPE` of interfaces of type Ethernet whose packets leave through another interface. */
const tunnelKinds = new Set(['vxlan', 'geneve', 'wireguard', 'gtp', 'bareudp', 'ppp', 'amt']);

/** `phys_port_name` of the port to a guest: of a physical function (`pf0`) the virtual one (`vf1`, `sf1`). */
const guestPort = /^(?:c\d+)?pf\d+[vs]f\d+$/;

/**
 * Reads the links of one interface. Source: the kernel's page "ABI testing: sysfs-class-net".
 * @returns `undefined` if sysfs does not show it
 */
export function readLinks(kernel: Kernel, name: string): InterfaceLinks | undefined {
  const folder = `/sys/class/net/${name}`;
  const entries = list(kernel, folder);
  if (entries === undefined) return undefined;
  const number = (file: string): number => Number(readKernel(kernel, `${folder}/${file}`)?.trim() || -1);
  const type = number('type');
  const kind = /^DEVTYPE=(.*)$/m.exec(readKernel(kernel, `${folder}/uevent`) ?? '')?.[1] ?? '';
  const has = (entry: string): boolean => entries.includes(entry);
  return {
    ...{ name, type, index: number('ifindex'), link: number('iflink') },
    isHardware: has('device') && !isForGuest(kernel, folder),
    master: has('master') ? target(kernel, `${folder}/master`) : undefined,
    lower: entries.filter((entry) => entry.startsWith('lower_')).map((entry) => entry.slice(6)),
    isMaster: has('bridge') || has('bonding') || kind === 'bridge' || kind === 'bond',
    isTunnel: tunnels.has(type) || has('tun_flags') || tunnelKinds.has(kind),
  };
}

/** Xen's back end and the representor of a virtual function have a device, though a guest is behind it. */
function isForGuest(kernel: Kernel, folder: string): boolean {
  if (target(kernel, `${folder}/device/subsystem`) === 'xen-backend') return true;
  return guestPort.test(readKernel(kernel, `${folder}/phys_port_name`)?.trim() ?? '');
}

function target(kernel: Kernel, path: string): string | undefined {
  try {
    return basename(readlinkSync(kernelPath(kernel, path)));
  } catch {
    return undefined;
  }
}

function list(kernel: Kernel, path: string): string[] | undefined {
  try {
    return readdirSync(kernelPath(kernel, path));
  } catch {
    return undefined;
  }
}

/**
 * Returns the names of the interfaces whose traffic leaves the machine or the container, each packet once.
 *
 * A machine has hardware: all else (bridges, bonds, VLANs, tunnels, the ends of containers and guests) sends
 * through it or stays inside. A container has none: what counts is what is not stacked on something else, and
 * a tunnel only where there is nothing else, as with a VPN in user space.
 */
export function leadingOut(interfaces: readonly InterfaceLinks[]): Set<string> {
  const byName = new Map(interfaces.map((each) => [each.name, each]));
  const real = interfaces.filter(({ type }) => type !== loopback && !monitors.has(type));
  const hardware = real.filter((each) => isOwnHardware(each, byName));
  if (hardware.length > 0) return names(hardware);
  const plain = real.filter((each) => isLowest(each, byName));
  const wires = plain.filter(({ isTunnel }) => !isTunnel);
  // Ends of containers inside of this container look like its own way out; only their names tell.
  const named = wires.filter(({ name }) => leadsOutByName(name));
  if (named.length > 0) return names(named);
  if (wires.length > 0) return names(wires);
  return names(plain);
}

const names = (interfaces: readonly InterfaceLinks[]): Set<string> =>
  new Set(interfaces.map(({ name }) => name));

/**
 * Some hardware is seen twice: a virtual function below the interface of Hyper-V or virtio that counts for
 * both, and the port of a switch chip above the interface that feeds it. A partition of IPoIB has no device,
 * and counts itself.
 */
function isOwnHardware(each: InterfaceLinks, byName: ReadonlyMap<string, InterfaceLinks>): boolean {
  if (each.isMaster && each.lower.length > 0) return false;
  if (!each.isHardware) return each.type === infiniband && each.lower.length === 0;
  if (each.master !== undefined && byName.get(each.master)?.isHardware === true) return false;
  const below = each.lower.map((name) => byName.get(name));
  return !below.some((lower) => lower?.isHardware === true && lower.master !== each.name);
}

/** Whether an interface of a container is not stacked on another, is no bridge and no port of one. */
function isLowest(each: InterfaceLinks, byName: ReadonlyMap<string, InterfaceLinks>): boolean {
  if (each.isMaster || each.lower.length > 0) return false;
  const master = each.master === undefined ? undefined : byName.get(each.master);
  // Only a bond has the way out as its member. On a bridge it is the end of a container.
  if (master !== undefined && !isBond(master, byName)) return false;
  const paired = [...byName.values()].some(
    ({ index, link, name }) => name !== each.name && index === each.link && link === each.index,
  );
  return !paired;
}

function isBond({ name, lower }: InterfaceLinks, byName: ReadonlyMap<string, InterfaceLinks>): boolean {
  return /^(?:bond|team)/.test(name) && lower.every((member) => byName.get(member)?.isTunnel === false);
}

/** Names that programs give to what stays inside of the machine, or is stacked on what leads out. */
const inside = [
  /^(?:lo|dummy|ifb|nlmon|vcan|vrf)\d*$/,
  /^(?:veth|docker|br-|br\d|virbr|vnet|lxcbr|lxdbr|incusbr|podman|cni|cbr|flannel|cali)/,
  /^(?:cilium|lxc|nodelocaldns)/,
  /^(?:kube-|weave|vethwe|ovs-|genev|vxlan|antrea|azv|eni[\da-f]{6,}|vmbr|tap\d|fwbr|fwpr|fwln|vif\d)/,
  /^(?:bond|team|macvtap|macvlan|ipvl)/,
  // VLANs: eth0.10, vlan10.
  /\.\d+$/,
  /^vlan\d/,
];
const tunnelName = /^(?:tun|tap|wg|ppp|tailscale|zt|utun|sit|tunl|gre|ip6|ipip|wt|nebula|erspan|vti|ipsec)/;

/** The rule of names, for where the kernel's links cannot be read. */
export function leadingOutByName(all: readonly string[]): Set<string> {
  const outside = all.filter((name) => leadsOutByName(name));
  if (outside.length > 0) return new Set(outside);
  return new Set(all.filter((name) => tunnelName.test(name)));
}

function leadsOutByName(name: string): boolean {
  return !inside.some((pattern) => pattern.test(name)) && !tunnelName.test(name);
}
