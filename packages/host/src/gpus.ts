/** What an NVIDIA GPU does. What the driver does not tell is left out: with MIG, the use of the whole GPU. */
export interface GpuUse {
  index: number;
  uuid: string;
  name: string;
  /** Shares of the time, from 0 to 1, in which it computed, and in which its memory was read or written. */
  computeRatio?: number;
  memoryActivityRatio?: number;
  memoryUsedBytes?: number;
  memoryTotalBytes?: number;
  watts?: number;
  celsius?: number;
}

/**
 * The fields to ask for, in this order. All are known to drivers since 2013. Source: `nvidia-smi
 * --help-query-gpu`.
 */
export const gpuFields = [
  ...['index', 'uuid', 'name', 'utilization.gpu', 'utilization.memory'],
  ...['memory.used', 'memory.total', 'power.draw', 'temperature.gpu'],
] as const;

const numbersAtEnd = 6;

/**
 * Parses the lines of `nvidia-smi --query-gpu` for `gpuFields`, without a header. Skips lines that are no
 * row, such as an error or `No devices were found`. Values may have units. `[N/A]`, `[Not Supported]`,
 * `[Unknown Error]` and the like are no value.
 */
export function parseGpus(text: string): GpuUse[] {
  return text.split('\n').flatMap((line) => parseGpu(line) ?? []);
}

/** Parses one line. @returns `undefined` if it is no row */
export function parseGpu(line: string): GpuUse | undefined {
  const cells = line.split(',').map((cell) => cell.trim());
  const [index = '', uuid = ''] = cells;
  if (cells.length < gpuFields.length || !/^\d{1,4}$/.test(index) || !/^(?:GPU|MIG)-[\w/-]+$/.test(uuid))
    return undefined;
  const numbers = cells.slice(-numbersAtEnd);
  const value = (position: number, scale: number): number | undefined => {
    const digits = /^(\d+(?:\.\d+)?)(?: (?:%|MiB|W))?$/.exec(numbers[position] ?? '')?.[1];
    return digits === undefined ? undefined : Number(digits) * scale;
  };
  const found = {
    computeRatio: value(0, 0.01),
    memoryActivityRatio: value(1, 0.01),
    memoryUsedBytes: value(2, 2 ** 20),
    memoryTotalBytes: value(3, 2 ** 20),
    watts: value(4, 1),
    celsius: value(5, 1),
  };
  const known = Object.entries(found).filter(([, each]) => each !== undefined);
  const name = cells.slice(2, -numbersAtEnd).join(', ');
  return { index: Number(index), uuid, name, ...Object.fromEntries(known) };
}
