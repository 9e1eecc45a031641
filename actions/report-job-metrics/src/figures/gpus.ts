import type { Sample, SampledGpu } from '../sampling/sample.ts';
import { isAmount, validItems } from './valid-items.ts';

/** What one GPU did during the job. Omitted values are unknown. */
export interface GpuUse {
  index: number;
  name: string;
  /** Shares of time in which it worked. The mean is weighted by time. */
  mean?: number;
  max?: number;
  memoryPeakBytes?: number;
  memoryBytes?: number;
}

/** Sums up the GPUs of all samples, by their index. */
export function gpusOf(samples: readonly Sample[]): GpuUse[] {
  const byIndex = new Map<number, { name: string; seen: [SampledGpu, number][] }>();
  for (const [at, { gpus, monotonic }] of samples.entries()) {
    const seconds = (monotonic - (samples[at - 1]?.monotonic ?? monotonic)) / 1000;
    for (const gpu of validItems<SampledGpu>(gpus, { texts: ['name'], numbers: ['index'], most: 16 })) {
      const known = byIndex.get(gpu.index) ?? { name: gpu.name, seen: [] };
      known.seen.push([gpu, seconds]);
      if (byIndex.size < 16 || byIndex.has(gpu.index)) byIndex.set(gpu.index, known);
    }
  }
  return [...byIndex]
    .map(([index, { name, seen }]) => ({ index, name, ...useOf(seen) }))
    .sort((a, b) => a.index - b.index);
}

function useOf(seen: readonly [SampledGpu, number][]): Omit<GpuUse, 'index' | 'name'> {
  const uses = seen.flatMap(([{ use }, seconds]) => (isAmount(use) ? [{ use, seconds }] : []));
  const seconds = uses.reduce((sum, one) => sum + one.seconds, 0);
  const mean =
    seconds > 0 ? uses.reduce((sum, one) => sum + one.use * one.seconds, 0) / seconds : uses[0]?.use;
  return {
    ...(mean === undefined ? {} : { mean, max: most(uses.map(({ use }) => use)) }),
    ...peakOf(seen, 'usedBytes', 'memoryPeakBytes'),
    ...peakOf(seen, 'totalBytes', 'memoryBytes'),
  };
}

function peakOf<Name extends string>(
  seen: readonly [SampledGpu, number][],
  key: 'usedBytes' | 'totalBytes',
  name: Name,
): { [key in Name]?: number } {
  const known = seen.map(([gpu]) => gpu[key]).filter(isAmount);
  return known.length === 0 ? {} : ({ [name]: most(known) } as { [key in Name]: number });
}

function most(values: readonly number[]): number {
  return values.reduce((peak, value) => Math.max(peak, value), 0);
}
