import * as v from 'valibot';
import { formatBytes, parseBytes } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { expandPath } from '../paths.ts';
import { type Kind, severity, type Written, written } from './kind.ts';

interface AskedDisk {
  kind: 'disk';
  name: string;
  path: string;
  free: Written<number>;
}

/** The amount of `>=8GiB`, in bytes. */
export const size = written((text) => parseBytes(text.replace(/^>=\s*/, '')), 'a size such as >=8GiB');

const spec = v.strictObject({ path: v.string(), free: size, severity: v.optional(severity) });

/** Free space for a process without privileges, on the file system that holds the path. */
export const disk = {
  schema: v.pipe(
    v.array(spec),
    v.transform((disks) =>
      disks.map(({ path, free, severity }, index) => ({
        asked: { kind: 'disk' as const, name: `disk ${path}`, path, free },
        at: ['system', 'disk', index],
        severity,
      })),
    ),
  ),

  async check({ path, free }, { job }) {
    const real = expandPath(path, job.environment);
    const disk = await diskOf(real);
    if (isUnknown(disk)) return { status: 'error', found: disk.unknown, wanted: free.text };
    const found = `${formatBytes(disk.availableBytes)} free on ${disk.mountPoint ?? real}`;
    if (disk.availableBytes >= free.value) return { status: 'pass', found, wanted: free.text };
    return { status: 'fail', found, wanted: free.text, advice: 'Free some space.' };
  },
} satisfies Kind<AskedDisk>;
