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

/** Returns the rest of the first line that begins with `start`. */
function lineOf(text: string, start: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}
