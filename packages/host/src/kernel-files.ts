import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The location of the kernel's files. Tests pass a folder with stub files as `root`. `platform` defaults to this
 * machine's.
 */
export interface Kernel {
  root?: string;
  platform?: NodeJS.Platform;
}

/** Returns why this platform has no kernel files; `undefined` on Linux. */
export function unsupported(kernel: Kernel, what: string): string | undefined {
  const platform = kernel.platform ?? process.platform;
  return platform === 'linux' ? undefined : `${what} cannot be read on ${platform}`;
}

export function kernelPath(kernel: Kernel, path: string): string {
  return join(kernel.root ?? '/', path);
}

/** Reads a kernel file. @returns `undefined` if it does not exist, may not be read, or its process has ended */
export function readKernel(kernel: Kernel, path: string): string | undefined {
  try {
    return readFileSync(kernelPath(kernel, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Reads at most the first `limit` bytes of a kernel file, whose size others choose. @returns `undefined` as `readKernel` */
export function readKernelStart(kernel: Kernel, path: string, limit: number): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(kernelPath(kernel, path), 'r');
    const parts: Buffer[] = [];
    for (let rest = limit; rest > 0;) {
      const part = Buffer.allocUnsafe(Math.min(rest, 64 * 1024));
      const bytes = readSync(file, part);
      if (bytes === 0) break;
      parts.push(part.subarray(0, bytes));
      rest -= bytes;
    }
    return Buffer.concat(parts).toString('utf8');
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
