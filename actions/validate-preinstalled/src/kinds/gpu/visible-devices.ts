import type { Device } from './gpu-host.ts';

/** A device with the names by which CUDA_VISIBLE_DEVICES can choose it. */
export interface NamedDevice extends Device {
  /** Number of a whole GPU in the order of nvidia-smi; `undefined` for a MIG instance. */
  index: string | undefined;
  /** `GPU-…` or `MIG-…`. */
  uuid: string;
}

export interface Visible {
  /** How many devices the job sees. */
  count: number;
  /** The devices that may be among them: more than `count` if it cannot be determined which ones they are. */
  candidates: readonly NamedDevice[];
  /** The variable that hides devices. */
  because: string | undefined;
}

/**
 * Applies CUDA_VISIBLE_DEVICES: numbers or UUIDs, of which a start is enough. The first one that does not exist ends
 * the list. Source: CUDA C++ Programming Guide, "CUDA Environment Variables".
 */
export function visibleDevices(
  devices: readonly NamedDevice[],
  environment: Readonly<Record<string, string | undefined>>,
): Visible {
  const given = environment['CUDA_VISIBLE_DEVICES'];
  if (given === undefined) return { count: devices.length, candidates: devices, because: undefined };
  const chosen: NamedDevice[] = [];
  const names = given.split(',').map((name) => name.trim());
  for (const name of names) {
    const device = devices.find(({ index, uuid }) =>
      /^(?:GPU|MIG)-/.test(name) ? uuid.startsWith(name) : index === name,
    );
    if (device === undefined || chosen.includes(device)) break;
    chosen.push(device);
  }
  const because = `CUDA_VISIBLE_DEVICES is '${given.slice(0, 100)}'`;
  return {
    count: chosen.length,
    candidates: isOrderKnown(devices, names, environment) ? chosen : devices,
    because,
  };
}

/** CUDA counts the fastest device first, nvidia-smi goes by the bus. Numbers agree if all devices are of one model. */
function isOrderKnown(
  devices: readonly NamedDevice[],
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return (
    environment['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID' ||
    new Set(devices.map(({ name }) => name)).size <= 1 ||
    !names.some((name) => /^\d+$/.test(name))
  );
}

/**
 * Applies the variables that choose AMD's devices: numbers, or UUIDs, which amd-smi does not print in this form. Which
 * devices they mean is only known if all are of one model. Source: rocm.docs.amd.com, "GPU isolation techniques".
 */
export function visibleAmdDevices<D extends Device>(
  devices: readonly D[],
  environment: Readonly<Record<string, string | undefined>>,
): { count: number; candidates: readonly D[]; because: string | undefined } {
  const name = ['ROCR_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES'].find((one) => environment[one] !== undefined);
  const given = name === undefined ? undefined : environment[name];
  if (given === undefined) return { count: devices.length, candidates: devices, because: undefined };
  const chosen = new Set(given.split(',').map((one) => one.trim()));
  const valid = [...chosen].filter(
    (one) => one.startsWith('GPU-') || devices[Number(one || -1)] !== undefined,
  );
  const because = `${name} is '${given.slice(0, 100)}'`;
  return { count: Math.min(valid.length, devices.length), candidates: devices, because };
}
