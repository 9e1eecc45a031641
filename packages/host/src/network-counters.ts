import { growingCounters, type Pair } from './growing-counters.ts';
import { type Kernel, readKernel, readKernelStart } from './kernel-files.ts';
import { type InterfaceLinks, leadingOut, leadingOutByName, readLinks } from './network-links.ts';
import type { Reader } from './readings.ts';

export interface NetworkTraffic {
  receivedBytes: number;
  sentBytes: number;
}

/** Bytes of `/proc/net/dev` to read. A line has some 130, so this is enough for thousands of interfaces. */
const limitBytes = 2 ** 20;

/**
 * Parses `/proc/net/dev`. @returns the received and sent bytes of each interface. Source: proc_net(5)
 */
export function parseNetworkDevices(text: string): Map<string, Pair> {
  const found = new Map<string, Pair>();
  for (const line of text.split('\n')) {
    // A name may hold any character but a blank, a slash and, on current kernels, a colon. The counters hold
    // none.
    const colon = line.lastIndexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const [received, sent] = [Number(fields[0]), Number(fields[8])];
    if (fields.length >= 16 && Number.isFinite(received + sent))
      found.set(line.slice(0, colon).trim(), [received, sent]);
  }
  return found;
}

/**
 * Counts what leaves the machine, or the container that this process is in. The links between interfaces are
 * read again only when interfaces came or went. Both sums only grow, for the life of the object; see
 * `growingCounters`. `read` returns `undefined` where `/proc/net/dev` cannot be read, or no interface leads
 * out.
 */
export function networkCounters(kernel: Kernel = {}): Reader<NetworkTraffic> {
  const sum = growingCounters();
  const choose = chooser(kernel);
  let note: string | undefined;
  return {
    read: () => {
      const text = readKernelStart(kernel, '/proc/net/dev', limitBytes);
      const devices = parseNetworkDevices(text ?? '');
      if (devices.size === 0) {
        note = 'Network traffic is not measured: /proc/net/dev cannot be read.';
        return undefined;
      }
      const chosen = choose(devices);
      note = chosen.note;
      const counted = new Map(
        [...chosen.names].map((name) => [name, devices.get(name) ?? ([0, 0] as const)]),
      );
      const [receivedBytes, sentBytes] = sum(counted);
      return counted.size === 0 ? undefined : { receivedBytes, sentBytes };
    },
    note: () => note,
  };
}

interface Choice {
  names: ReadonlySet<string>;
  note: string | undefined;
}

/** Remembers the links of interfaces, and the choice for as long as the names stay the same. */
function chooser(kernel: Kernel): (devices: ReadonlyMap<string, unknown>) => Choice {
  const known = new Map<string, InterfaceLinks>();
  let seen: ReadonlySet<string> = new Set();
  let choice: Choice = { names: seen, note: undefined };
  return (devices) => {
    if (devices.size === seen.size && [...devices.keys()].every((name) => seen.has(name))) return choice;
    seen = new Set(devices.keys());
    choice = chooseFrom(kernel, seen, known);
    return choice;
  };
}

/**
 * Reads the links of new interfaces, and again those of hardware, which can be put into a bond later. Virtual
 * interfaces come and go with each container; theirs are read once.
 */
function chooseFrom(kernel: Kernel, names: ReadonlySet<string>, known: Map<string, InterfaceLinks>): Choice {
  for (const name of known.keys()) if (!names.has(name)) known.delete(name);
  for (const name of names) {
    if (known.get(name)?.isHardware === false) continue;
    const links = isFileName(name) ? readLinks(kernel, name) : undefined;
    if (links === undefined) known.delete(name);
    else known.set(name, links);
  }
  if (known.size === names.size) return { names: leadingOut([...known.values()]), note: undefined };
  const isThere = readKernel(kernel, '/sys/class/net/lo/type') !== undefined;
  const reason = isThere ? 'does not show all interfaces of /proc/net/dev' : 'cannot be read';
  return {
    names: leadingOutByName([...names]),
    note: `/sys/class/net ${reason}: which interfaces lead out is told by their names.`,
  };
}

const isFileName = (name: string): boolean => !name.includes('/') && name !== '' && !/^\.+$/.test(name);
