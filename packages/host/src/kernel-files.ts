import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the kernel's files are. Tests give a folder with a tree of their own; `platform` defaults to this machine's. */
export interface Kernel {
  root?: string;
  platform?: NodeJS.Platform;
}

/** Why this platform has no such files; `undefined` on Linux. */
export function unsupported(kernel: Kernel, what: string): string | undefined {
  const platform = kernel.platform ?? process.platform;
  return platform === 'linux' ? undefined : `${what} cannot be read on ${platform}`;
}

export function kernelPath(kernel: Kernel, path: string): string {
  return join(kernel.root ?? '/', path);
}

/** The text of a kernel file; `undefined` when it is not there, may not be read, or its process has ended. */
export function readKernel(kernel: Kernel, path: string): string | undefined {
  try {
    return readFileSync(kernelPath(kernel, path), 'utf8');
  } catch {
    return undefined;
  }
}
