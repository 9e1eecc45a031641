import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { execute, type ExecuteOptions, readSmallFile } from '@runner-actions/core';
import { readRegularFile } from '@runner-actions/host';
import { probeEnvironment } from '../../probe-environment.ts';
import { findOnPath } from '../../search-path-io.ts';
import type { Machine } from '../kind.ts';
import type { GpuHost } from './gpu-host.ts';

/** The first call without persistence mode loads the driver, which may take some seconds. */
const queryTimeout = 15_000;
const outputLimit = 16 * 2 ** 20;

/** Variables that choose devices. A probe must see the same devices as the job. */
const visibility =
  /^(?:CUDA_VISIBLE_DEVICES|CUDA_DEVICE_ORDER|NVIDIA_VISIBLE_DEVICES|HIP_VISIBLE_DEVICES|ROCR_VISIBLE_DEVICES|GPU_DEVICE_ORDINAL)$/;

export function gpuHost(machine: Machine): GpuHost {
  const { environment } = machine.job;
  const chosen = Object.entries(environment).filter(([name]) => visibility.test(name));
  const options = async (timeout: number): Promise<ExecuteOptions> => ({
    cwd: await machine.emptyFolder(),
    // TensorFlow otherwise takes all memory of all devices.
    env: {
      ...probeEnvironment(environment),
      ...Object.fromEntries(chosen),
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    },
    deadline: machine.deadline,
    timeout,
    limitBytes: outputLimit,
  });
  const find = async (program: string): Promise<string | undefined> =>
    (await findOnPath(program, environment))[0];
  return {
    platform: process.platform,
    environment,
    find,
    run: (program, args, timeout = queryTimeout) =>
      machine.once(JSON.stringify(['gpu', program, ...args]), async () => {
        const path = await find(program);
        return path === undefined ? undefined : execute([path, ...args], await options(timeout));
      }),
    runAt: async (path, args) => execute([path, ...args], await options(queryTimeout)),
    read: (path) => readText(path),
    list: (path) => readdir(path).catch(() => []),
    realPath: (path) => realpath(path).catch(() => undefined),
    access: accessOf,
  };
}

/** Follows links: these files are of the machine's owner. A file of the kernel has no size, and never blocks. */
async function readText(path: string): Promise<string | undefined> {
  if (path.startsWith('/proc/')) return readSmallFile(path, 2 ** 16);
  try {
    const read = await readRegularFile(await realpath(path), 2 ** 20);
    return typeof read === 'string' ? undefined : read.toString('utf8');
  } catch {
    return undefined;
  }
}

async function accessOf(path: string): Promise<'allowed' | 'missing' | 'denied'> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'allowed';
  } catch (error) {
    const missing = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    return missing ? 'missing' : 'denied';
  }
}
