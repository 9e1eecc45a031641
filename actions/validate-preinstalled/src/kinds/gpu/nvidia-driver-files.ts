import { basename } from 'node:path';
import type { GpuHost, Obstacle } from './gpu-host.ts';

const kernelSide = '/proc/driver/nvidia/version';
const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/**
 * Finds, without starting a process, what keeps a job from the devices: a library of another version than the loaded
 * driver, or missing rights.
 * @returns `undefined` if nothing is wrong, or if these files do not tell
 */
export async function driverFileObstacle(host: GpuHost): Promise<Obstacle | undefined> {
  if (host.platform !== 'linux') return undefined;
  const loaded = loadedDriver((await host.read(kernelSide)) ?? '');
  // Without the file the driver is not loaded, or this is WSL, where the driver is that of Windows. nvidia-smi knows.
  if (loaded === undefined) return undefined;
  const library = await libraryVersion(host);
  if (library !== undefined && library !== loaded)
    return {
      status: 'fail',
      found: `the driver ${loaded}, but its library libnvidia-ml.so.1 is of ${library}`,
      advice: 'Reboot the machine, or start the container again.',
    };
  return deniedDevice(host);
}

/** Reads the version in `/proc/driver/nvidia/version`. The module is named `… Module  VERSION` or `… for ARCH  VERSION`. */
export function loadedDriver(text: string): string | undefined {
  const line = text.split('\n', 1)[0] ?? '';
  return line.startsWith('NVRM version:') ? / {2}(\d+(?:\.\d+)+) {2}/.exec(line)?.[1] : undefined;
}

/** Returns the version in the real name of the library: `libnvidia-ml.so.535.54.03`. */
async function libraryVersion(host: GpuHost): Promise<string | undefined> {
  for (const folder of folders) {
    const real = await host.realPath(`${folder}/libnvidia-ml.so.1`);
    const version = /^libnvidia-ml\.so\.(\d+(?:\.\d+)+)$/.exec(basename(real ?? ''))?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

async function deniedDevice(host: GpuHost): Promise<Obstacle | undefined> {
  const names = (await host.list('/dev')).filter((name) => /^nvidia(?:ctl|\d+)$/.test(name)).toSorted();
  for (const name of names) {
    if ((await host.access(`/dev/${name}`)) === 'denied')
      return {
        status: 'fail',
        found: `no right to read and write /dev/${name}`,
        advice: "Give the runner's user access to it, for example through its group.",
      };
  }
  return undefined;
}
