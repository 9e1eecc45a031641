import type { Execution } from '@runner-actions/core';
import { firstLine, type Obstacle } from './gpu-host.ts';

type Meaning = [Obstacle['status'], found: string, advice: string];

/**
 * Return codes of `nvidia-smi`, which are those of NVML. Source: section RETURN VALUE of its man page, and
 * `nvmlReturn_t` of the NVML API reference for 10, 11 and those from 16.
 */
const codes: Readonly<Record<number, Meaning>> = {
  2: ['error', 'nvidia-smi refuses an argument', 'Report this, with the version of the driver.'],
  3: ['fail', 'the query is not available on this device', 'Choose another runner.'],
  4: ['fail', 'no permission for the device', "Give the runner's user access to /dev/nvidia*."],
  6: ['fail', 'no NVIDIA device', 'Pass a device to this machine or container, or choose another runner.'],
  8: ['fail', 'a device without external power', "Attach the device's power cables."],
  9: [
    'fail',
    'the NVIDIA driver is not loaded',
    'Load it (`modprobe nvidia`), or build its module for this kernel.',
  ],
  10: ['error', 'the driver did not answer in time', 'Look for Xid errors in the kernel log.'],
  11: ['fail', 'an interrupt problem of a device', "Look for the driver's messages in the kernel log."],
  12: [
    'fail',
    'no NVML library',
    "Install the driver's libnvidia-ml.so.1, or give the container the `utility` capability.",
  ],
  13: [
    'error',
    'an NVML library without a function that nvidia-smi needs',
    'Install both from one version of the driver.',
  ],
  14: ['fail', 'a corrupted infoROM', 'Reset the device. If that does not help, have it repaired.'],
  15: [
    'fail',
    'a device that has fallen off the bus',
    'Reboot the machine, and check power and slot of the device.',
  ],
  16: ['fail', 'a device that needs a reset', 'Reset it (`nvidia-smi --gpu-reset`), or reboot the machine.'],
  17: ['fail', 'a device that the cgroup blocks', 'Allow the device in the container, and start it again.'],
  18: [
    'fail',
    'a driver and an NVML library of different versions',
    'Reboot the machine, or start the container again.',
  ],
};

/** What nvidia-smi writes, whatever code it ends with. */
const sentences: readonly (readonly [text: string, code: number])[] = [
  ['Driver/library version mismatch', 18],
  ['GPU is lost', 15],
  ['Unable to determine the device handle', 15],
  ["couldn't communicate with the NVIDIA driver", 9],
  ["couldn't find libnvidia-ml", 12],
  ['No devices were found', 6],
  ['Insufficient Permissions', 4],
];

/** Returns what a call of nvidia-smi says about the machine when it gives no answer; `undefined` if it gives one. */
export function nvidiaObstacle(execution: Execution | undefined): Obstacle | undefined {
  if (execution === undefined) {
    const advice =
      'Install the NVIDIA driver with its tools, or give the container the `utility` capability.';
    return { status: 'fail', found: 'no nvidia-smi on PATH', advice };
  }
  const { status, code, stdout, stderr } = execution;
  if (status === 'timed-out') {
    const advice = 'Turn on persistence mode, and look for Xid errors in the kernel log.';
    return { status: 'error', found: 'no answer from nvidia-smi in time', advice };
  }
  const output = `${stdout}\n${stderr}`;
  // The names of other users' programs stand further down.
  const head = output.slice(0, 1000);
  const told = sentences.find(([text]) => head.includes(text));
  if (status === 'exited' && code === 0 && told === undefined) return undefined;
  const meaning = codes[told?.[1] ?? code ?? -1];
  const own = firstLine(output);
  const withOwn = (found: string): string => (own === '' ? found : `${found} (${own})`);
  if (meaning !== undefined) {
    const [status, found, advice] = meaning;
    return { status, found: withOwn(found), advice };
  }
  const how = code === null ? `nvidia-smi ${status}` : `nvidia-smi ended with ${code}`;
  const advice = 'To find the cause, run `nvidia-smi` on the runner.';
  return { status: 'error', found: withOwn(how), advice };
}
