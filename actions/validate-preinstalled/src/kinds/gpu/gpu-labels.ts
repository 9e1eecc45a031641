import type { GpuRequirement } from '@runner-actions/manifest';
import type { Finding } from '../kind.ts';

/** Properties that only a device in working order has. A toolkit may be on a machine without one. */
const ofDevices = new Set<GpuRequirement['fact']>(['count', 'memory', 'compute', 'driver', 'cuda driver']);

/** Returns the labels of a finding about GPUs: that of the vendor, and that of the CUDA toolkit. */
export function gpuLabels({ fact, vendor }: GpuRequirement, { status, found }: Finding): string[] {
  if (status !== 'pass') return [];
  if (ofDevices.has(fact)) return [`gpu-${vendor}`];
  const version = fact === 'cuda toolkit' ? /^\d+\.\d+/.exec(found)?.[0] : undefined;
  return version === undefined ? [] : [`cuda-${version}`];
}
