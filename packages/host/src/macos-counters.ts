import type { Pair } from './growing-counters.ts';

export interface UsedSpace {
  usedBytes: number;
  totalBytes: number;
}

/**
 * Parses `vm_stat`. Used is what Activity Monitor calls so: memory of programs that is no file cache and not
 * purgeable, wired memory, and what compressed memory takes up. Source: Apple's "View memory usage in
 * Activity Monitor".
 * @returns bytes; `undefined` if a line is missing
 */
export function parseVmStat(text: string): number | undefined {
  const page = /page size of (\d+) bytes/.exec(text)?.[1];
  const pages = (name: string): number => {
    const line = text.split('\n').find((each) => each.startsWith(`${name}:`));
    return Number(/^\d+/.exec(line?.slice(name.length + 1).trim() ?? '')?.[0] ?? Number.NaN);
  };
  const programs = pages('Anonymous pages') - pages('Pages purgeable');
  const used = Math.max(0, programs) + pages('Pages wired down') + pages('Pages occupied by compressor');
  const bytes = used * Number(page);
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** Parses `sysctl hw.memsize`. @returns bytes */
export function parseMemorySize(text: string): number | undefined {
  const bytes = /^hw\.memsize: (\d+)$/m.exec(text)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}

const units = new Map([
  ['K', 2 ** 10],
  ['M', 2 ** 20],
  ['G', 2 ** 30],
]);

/** Parses `sysctl vm.swapusage`. Some languages write a comma in its numbers. */
export function parseSwapUsage(text: string): UsedSpace | undefined {
  const line = /^vm\.swapusage: (.*)$/m.exec(text)?.[1] ?? '';
  const bytes = (name: string): number => {
    const [, rest] = line.split(`${name} = `);
    const [, digits, unit = ''] = /^(\d+[.,]\d+)([KMG])/.exec(rest ?? '') ?? [];
    return Number(digits?.replace(',', '.') ?? Number.NaN) * (units.get(unit) ?? Number.NaN);
  };
  const [totalBytes, usedBytes] = [bytes('total'), bytes('used')];
  return Number.isFinite(totalBytes + usedBytes) ? { totalBytes, usedBytes } : undefined;
}

/**
 * Parses `netstat -ibn`. An interface has a row for itself and one for each address, all with the same
 * counters; a row without an address has one column less, so columns are counted from the end. Counts
 * Ethernet, WiFi and the like (`en0`), not what repeats them or stays inside: `lo0`, `utun0`, `bridge0`,
 * `awdl0`, `llw0`, `ap1`, `vmenet0`.
 * @returns received and sent bytes by interface
 */
export function parseNetstat(text: string): Map<string, Pair> {
  const found = new Map<string, Pair>();
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const [name = '', , network = ''] = columns;
    if (!/^en\d+\*?$/.test(name) || !network.startsWith('<Link#') || columns.length < 10) continue;
    const [received, sent] = [Number(columns.at(-5)), Number(columns.at(-2))];
    if (Number.isFinite(received + sent)) found.set(name.replace('*', ''), [received, sent]);
  }
  return found;
}

/**
 * Parses `iostat -Id`: three columns for each disk, the last one the megabytes (of 2^20 bytes) read and
 * written since boot. It does not tell them apart. A mounted disk image is a disk too, so its bytes count
 * twice. Source: iostat(8) of macOS.
 * @returns bytes by disk
 */
export function parseIostat(text: string): Map<string, number> {
  const [head = '', , values = ''] = text.split('\n');
  const names = head.trim().split(/\s+/);
  const numbers = values.trim().split(/\s+/).map(Number);
  const found = new Map<string, number>();
  if (numbers.length !== 3 * names.length) return found;
  names.forEach((name, position) => {
    const megabytes = numbers[3 * position + 2] ?? Number.NaN;
    if (/^disk\d+$/.test(name) && Number.isFinite(megabytes)) found.set(name, megabytes * 2 ** 20);
  });
  return found;
}
