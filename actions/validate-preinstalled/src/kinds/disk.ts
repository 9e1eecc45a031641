import { resolve } from 'node:path';
import { formatBytes } from '@runner-actions/core';
import { isUnknown } from '@runner-actions/host';
import type { DiskRequirement } from '@runner-actions/manifest';
import { expandPath } from '../expand-path.ts';
import { diskOfPath, explainPathError } from '../paths/ask-path-io.ts';
import type { Finding, Kind } from './kind.ts';
import { compareSize } from './size.ts';

/** Space and inodes that an unprivileged process can use, on the file system that holds the path. */
export const disk = {
  async check({ path, free, total, inodes }, machine) {
    const real = resolve(machine.job.workspace, expandPath(path, machine));
    const texts = [
      free === undefined ? '' : `${free.text} free`,
      total === undefined ? '' : `${total.text} in all`,
      inodes === undefined ? '' : `${inodes.text} free inodes`,
    ];
    const wanted = texts.filter((text) => text !== '').join(', ') || 'a disk';
    const disk = await diskOfPath(real, machine).catch(explainPathError);
    if ('found' in disk) return { status: 'error', wanted, ...disk };
    if (isUnknown(disk)) return { status: 'error', found: disk.unknown, wanted };
    const place = ` on ${disk.mountPoint ?? real}`;
    const fail = (found: string, advice: string): Finding => ({
      ...{ status: 'fail', found: found + place, wanted, advice },
    });
    const space = formatBytes(disk.availableBytes);
    if (free !== undefined && disk.availableBytes < free.value.bytes)
      return fail(`${space} free`, 'Free some disk space.');
    if (total !== undefined) {
      const { met, found } = compareSize(disk.totalBytes, total.value);
      if (!met) return fail(`${found} in all`, 'Choose a runner with a larger disk.');
    }
    if (inodes !== undefined && disk.totalInodes > 0 && disk.availableInodes < inodes.value)
      return fail(`${disk.availableInodes} free inodes`, 'Remove some of the many small files.');
    return { status: 'pass', found: `${space} free${place}`, wanted };
  },
} satisfies Kind<DiskRequirement>;
