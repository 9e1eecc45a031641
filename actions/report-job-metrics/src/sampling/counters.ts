import type { CpuCounters, Sample } from './sample.ts';

/** Clock ticks per second in `/proc/stat`. Linux uses this value on all CPU architectures that Node supports. */
const ticks = 100;

/**
 * Parses the first line of `/proc/stat`. Guest time is left out: the kernel counts it in user time too. Source:
 * proc_stat(5).
 */
export function parseCpu(text: string): CpuCounters | undefined {
  const line = lineOf(text, 'cpu ');
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, soft = 0, steal = 0] = line
    .trimStart()
    .split(' ')
    .map((field) => Number(field) / ticks);
  return { user: user + nice, system: system + irq + soft, iowait, steal, idle };
}

/** Parses `/proc/meminfo`. Used memory is total minus available; total minus free would include the page cache. */
export function parseMemory(text: string): Sample['memory'] {
  const bytes = (name: string): number =>
    Number(/^\s+(\d+) kB/.exec(lineOf(text, `${name}:`) ?? '')?.[1] ?? Number.NaN) * 1024;
  const totalBytes = bytes('MemTotal');
  const usedBytes = totalBytes - bytes('MemAvailable');
  return Number.isFinite(usedBytes) ? { usedBytes, totalBytes } : undefined;
}

/** Interfaces to ignore: their traffic stays in the machine, or another interface counts it too. */
const virtual = /^(lo|veth.*|docker\d*|br-.*|virbr.*|cni.*|flannel.*|cali.*)$/;

/** Parses `/proc/net/dev` and returns the sums over the interfaces that lead out of the machine. */
export function parseNetwork(text: string): Sample['network'] {
  let found = false;
  let receivedBytes = 0;
  let sentBytes = 0;
  for (const line of text.split('\n')) {
    const [name = '', counted] = line.split(':', 2);
    if (counted === undefined || virtual.test(name.trim())) continue;
    const fields = counted.trim().split(/\s+/).map(Number);
    found = true;
    receivedBytes += fields[0] ?? 0;
    sentBytes += fields[8] ?? 0;
  }
  return found ? { receivedBytes, sentBytes } : undefined;
}

/**
 * Parses a file of `/proc/pressure` and returns the seconds of its `some` or `full` line. Source: the kernel's page
 * "PSI".
 */
export function parsePressure(text: string, line: 'some' | 'full'): number | undefined {
  const total = /total=(\d+)/.exec(lineOf(text, `${line} `) ?? '')?.[1];
  return total === undefined ? undefined : Number(total) / 1e6;
}

/** Returns the rest of the first line that begins with `start`. */
function lineOf(text: string, start: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}
