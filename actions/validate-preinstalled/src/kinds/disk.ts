import * as v from 'valibot';
import { formatBytes, parseBytes } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import { expandPath } from '../expand-path.ts';
import { type Kind, severity, type ParsedText, parsedText } from './kind.ts';

interface DiskRequirement {
  kind: 'disk';
  name: string;
  path: string;
  free: ParsedText<number>;
}

/** Parses a size such as `>=8GiB` into bytes. */
export const size = parsedText((text) => parseBytes(text.replace(/^>=\s*/, '')), 'a size such as >=8GiB');

const spec = v.strictObject({ path: v.string(), free: size, severity: v.optional(severity) });

/** Free space that an unprivileged process can use, on the file system that holds the path. */
export const disk = {
  schema: v.pipe(
    v.array(spec),
    v.transform((disks) =>
      disks.map(({ path, free, severity }, index) => ({
        requirement: { kind: 'disk' as const, name: `disk ${path}`, path, free },
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
    return { status: 'fail', found, wanted: free.text, advice: 'Free some disk space.' };
  },
} satisfies Kind<DiskRequirement>;
