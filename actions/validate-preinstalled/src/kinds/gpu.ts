import type { GpuRequirement } from '@runner-actions/manifest';
import { amdRequirement } from './gpu/check-amd.ts';
import { checkContainers, checkFramework } from './gpu/check-use.ts';
import { checkNvidia } from './gpu/check-nvidia.ts';
import type { GpuHost, Once } from './gpu/gpu-host.ts';
import { gpuHost } from './gpu/gpu-host-io.ts';
import { gpuLabels } from './gpu/gpu-labels.ts';
import type { Finding, Kind } from './kind.ts';

/** A property of the GPUs, or what uses them. It has no state key: a driver can lose its device at any time. */
export const gpu = {
  async check(requirement, machine) {
    const once: Once = (key, find) => machine.once(`gpu ${key}`, find);
    const finding = await checkGpu(requirement, gpuHost(machine), once);
    return { ...finding, labels: gpuLabels(requirement, finding) };
  },
} satisfies Kind<GpuRequirement>;

export async function checkGpu(requirement: GpuRequirement, host: GpuHost, once: Once): Promise<Finding> {
  if (requirement.fact === 'pytorch' || requirement.fact === 'tensorflow')
    return checkFramework(requirement.fact, host);
  if (requirement.fact === 'containers') return checkContainers(requirement.vendor, host);
  return requirement.vendor === 'amd'
    ? amdRequirement(requirement, host, once)
    : checkNvidia(requirement, host, once);
}
