import type { GpuRequirement } from '@runner-actions/manifest';
import type { Finding } from '../kind.ts';
import { findAmd, rocmVersion } from './amd.ts';
import { checkCount, checkMemory, checkVersion } from './check-devices.ts';
import { type GpuHost, isObstacle, type Once } from './gpu-host.ts';
import { visibleAmdDevices } from './visible-devices.ts';

/** Checks a property of AMD's devices. */
export async function amdRequirement(
  requirement: GpuRequirement,
  host: GpuHost,
  once: Once,
): Promise<Finding> {
  if (requirement.fact === 'rocm')
    return checkVersion(await rocmVersion(host), requirement.wanted, 'Install another version of ROCm.');
  const machine = await once('amd', () => findAmd(host));
  const wanted =
    'wanted' in requirement && typeof requirement.wanted === 'object' ? requirement.wanted.text : '';
  if (isObstacle(machine)) return { ...machine, wanted };
  const { devices, driver } = machine;
  const seen = visibleAmdDevices(devices, host.environment);
  if (requirement.fact === 'count') return checkCount(seen, requirement.wanted);
  if (requirement.fact === 'memory') return checkMemory(seen, requirement.wanted, requirement.least);
  if (requirement.fact !== 'driver') throw new Error(`AMD's devices have no '${requirement.fact}'`);
  const found = driver ?? {
    status: 'error' as const,
    found: "the kernel's own driver, which has no version",
    advice: "Require the kernel's version instead, or install AMD's driver.",
  };
  return checkVersion(found, requirement.wanted, 'Install another version of the driver.');
}
