import type { DiskTraffic } from './disk-traffic.ts';
import type { NetworkTraffic } from './network-counters.ts';

/**
 * Counters for `typeperf`, by their English names. A Windows of another language knows them by translated
 * names only: there, `typeperf` says that no counter is valid, and ends.
 */
export const windowsCounters = [
  String.raw`\PhysicalDisk(_Total)\Disk Read Bytes/sec`,
  String.raw`\PhysicalDisk(_Total)\Disk Write Bytes/sec`,
  String.raw`\Network Interface(*)\Bytes Received/sec`,
  String.raw`\Network Interface(*)\Bytes Sent/sec`,
] as const;

/** What a column of `typeperf` counts. */
type Kind = 'read' | 'written' | 'received' | 'sent';

const kinds: readonly [object: string, counter: string, Kind][] = [
  [String.raw`\PhysicalDisk(_Total)`, 'Disk Read Bytes/sec', 'read'],
  [String.raw`\PhysicalDisk(_Total)`, 'Disk Write Bytes/sec', 'written'],
  [String.raw`\Network Interface(`, 'Bytes Received/sec', 'received'],
  [String.raw`\Network Interface(`, 'Bytes Sent/sec', 'sent'],
];

/**
 * Adapters that send through another one, or stay inside of the machine. Windows has no links between them to
 * follow.
 */
const repeats = [
  ...['isatap', 'teredo', '6to4', 'microsoft isatap', 'microsoft teredo', 'microsoft 6to4', 'wan miniport'],
  ...[
    'microsoft network adapter multiplexor',
    'hyper-v virtual',
    'vmware virtual',
    'virtualbox host',
    'npcap',
  ],
  ...['tap-windows', 'wintun', 'wireguard', 'tailscale', 'zerotier', 'openvpn'],
];

/** Splits a line of `typeperf`, in which every field has quotes. @returns `undefined` for another line */
export function parsePerformanceLine(line: string): string[] | undefined {
  const text = line.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).split('","')
    : undefined;
}

/** Finds what each column of the header counts. Without another adapter, those that repeat count. */
export function columnsOf(header: readonly string[]): (Kind | undefined)[] {
  const all = header.map((column) => {
    const found = kinds.find(
      ([object, counter]) => column.includes(object) && column.endsWith(`\\${counter}`),
    );
    return found?.[2];
  });
  const isRepeat = header.map((column) => {
    const adapter = column.split('\\Network Interface(')[1]?.toLowerCase() ?? '';
    return repeats.some((name) => adapter.startsWith(name));
  });
  const isOwn = (kind: Kind | undefined, position: number): boolean =>
    (kind === 'received' || kind === 'sent') && isRepeat[position] === false;
  return all.some(isOwn) ? all.map((kind, position) => (isRepeat[position] ? undefined : kind)) : all;
}

/**
 * Milliseconds of the time that begins a line, as in `09/15/2016 09:20:56.002`. Only differences mean
 * something.
 */
export function timeOf(text: string): number | undefined {
  const [, month, day, year, hour, minute, second] =
    /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2}\.\d{3})$/.exec(text) ?? [];
  if (second === undefined) return undefined;
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) +
    Number(second) * 1000
  );
}

export interface WindowsTraffic {
  disk?: DiskTraffic;
  network?: NetworkTraffic;
}

/**
 * Adds up the rates of `typeperf`, line by line. A rate is the mean since the line before, so that the sums
 * are exact but for the first line. A jump of the clock counts as one interval.
 * @param interval milliseconds
 */
export function performanceSums(interval: number): {
  /** @returns whether the line was one of counters */
  add(line: string): boolean;
  sums(): WindowsTraffic | undefined;
} {
  const total: Record<Kind, number> = { read: 0, written: 0, received: 0, sent: 0 };
  let columns: (Kind | undefined)[] | undefined;
  let last: number | undefined;
  const addRow = (fields: readonly string[], at: number): void => {
    const elapsed = last === undefined ? 0 : at - last;
    const seconds = (elapsed < 0 || elapsed > 10 * interval ? interval : elapsed) / 1000;
    fields.forEach((field, position) => {
      const kind = columns?.[position];
      // A counter that could not be read is a blank.
      const rate = Number(field.trim() || Number.NaN);
      if (kind !== undefined && Number.isFinite(rate) && rate > 0) total[kind] += rate * seconds;
    });
    last = at;
  };
  return {
    add: (line) => {
      const fields = parsePerformanceLine(line);
      if (fields === undefined) return false;
      const at = timeOf(fields[0] ?? '');
      if (fields[0]?.startsWith('(PDH-CSV')) columns = columnsOf(fields);
      else if (at !== undefined) addRow(fields, at);
      return true;
    },
    sums: () => (last === undefined || columns === undefined ? undefined : trafficOf(total, columns)),
  };
}

function trafficOf(total: Record<Kind, number>, columns: readonly (Kind | undefined)[]): WindowsTraffic {
  const whole = (kind: Kind): number => Math.round(total[kind]);
  return {
    ...(columns.includes('read')
      ? { disk: { readBytes: whole('read'), writtenBytes: whole('written') } }
      : {}),
    ...(columns.includes('received')
      ? { network: { receivedBytes: whole('received'), sentBytes: whole('sent') } }
      : {}),
  };
}
