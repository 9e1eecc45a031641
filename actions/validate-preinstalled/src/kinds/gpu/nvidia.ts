import { type GpuHost, isObstacle, type Obstacle } from './gpu-host.ts';
import { nvidiaObstacle } from './nvidia-advice.ts';
import { driverFileObstacle } from './nvidia-driver-files.ts';
import {
  type MigInstance,
  type NvidiaGpu,
  parseInstanceMemory,
  parseInstances,
  parseQuery,
  queryFields,
  unknownField,
} from './nvidia-output.ts';
import type { NamedDevice } from './visible-devices.ts';

/** Everything that nvidia-smi says about this machine. */
export interface NvidiaMachine {
  gpus: readonly NvidiaGpu[];
  instances: readonly MigInstance[];
  /** What jobs can use: GPUs, and in place of those in MIG mode their instances. */
  devices: readonly NamedDevice[];
}

/** Asks nvidia-smi about all devices, after the checks that need no process. */
export async function findNvidia(host: GpuHost): Promise<NvidiaMachine | Obstacle> {
  if (host.platform === 'darwin')
    return { status: 'fail', found: 'macOS, which has no NVIDIA driver', advice: 'Choose another runner.' };
  const early = await driverFileObstacle(host);
  if (early !== undefined) return early;
  const gpus = await queryGpus(host);
  if (isObstacle(gpus)) return gpus;
  if (!gpus.some(isDivided)) return { gpus, instances: [], devices: gpus.map(wholeDevice) };
  return withInstances(host, gpus);
}

export const isDivided = ({ mig }: NvidiaGpu): boolean => mig === 'Enabled';

/** Queries the devices. Asks again without a field that this version does not know. */
async function queryGpus(host: GpuHost): Promise<readonly NvidiaGpu[] | Obstacle> {
  let fields: readonly string[] = queryFields;
  for (;;) {
    const execution = await host.run('nvidia-smi', [`--query-gpu=${fields.join(',')}`, '--format=csv']);
    const unknown = unknownField(execution?.stdout ?? '') ?? unknownField(execution?.stderr ?? '');
    const fewer = fields.filter((field) => field !== unknown);
    if (unknown !== undefined && fewer.length < fields.length && fewer.length > 0) {
      fields = fewer;
      continue;
    }
    const obstacle = nvidiaObstacle(execution);
    if (obstacle !== undefined) return obstacle;
    const gpus = parseQuery(execution?.stdout ?? '');
    const advice = 'To find the cause, run `nvidia-smi` on the runner.';
    return gpus.length > 0
      ? gpus
      : { status: 'error', found: 'an answer of nvidia-smi without devices', advice };
  }
}

async function withInstances(host: GpuHost, gpus: readonly NvidiaGpu[]): Promise<NvidiaMachine | Obstacle> {
  const [list, summary] = await Promise.all([host.run('nvidia-smi', ['-L']), host.run('nvidia-smi', [])]);
  const obstacle = nvidiaObstacle(list) ?? nvidiaObstacle(summary);
  if (obstacle !== undefined) return obstacle;
  const instances = parseInstances(list?.stdout ?? '');
  const memory = parseInstanceMemory(summary?.stdout ?? '');
  const devices = gpus.flatMap((gpu) =>
    isDivided(gpu)
      ? instances
          .filter((instance) => instance.gpu === gpu.index)
          .map(({ device, profile, uuid }) => ({
            name: `${gpu.name} MIG ${profile}`,
            bytes: memory.get(`${gpu.index}/${device}`),
            compute: gpu.compute,
            index: undefined,
            uuid,
          }))
      : [wholeDevice(gpu)],
  );
  return { gpus, instances, devices };
}

function wholeDevice({ name, bytes, compute, index, uuid }: NvidiaGpu): NamedDevice {
  return { name, bytes, compute, index, uuid };
}
