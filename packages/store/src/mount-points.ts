import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { parseMounts } from '@runner-actions/host';
import { pathToBytes } from './byte-paths.ts';

/** The mount points at and below a path. Paths have one character per byte. */
interface MountPoints {
  /** Whether the path itself is a mount point. */
  isMount: boolean;
  /** Mount points below the path, relative to it. */
  below: string[];
}

const none: MountPoints = { isMount: false, below: [] };

/**
 * Returns the mount points at and below a path, including bind mounts of the same file system. The store does not
 * enter, rename or remove them: they belong to somebody else. On systems other than Linux, only the code that walks
 * trees detects mounts, by a change of the device.
 */
export function mountsAt(path: string): MountPoints {
  const real = realOf(path);
  if (real === undefined) return none;
  const points = mountPoints();
  const prefix = real === '/' ? '/' : `${real}/`;
  return {
    isMount: points.includes(real),
    below: points.filter((point) => point.startsWith(prefix)).map((point) => point.slice(prefix.length)),
  };
}

/** The file is read at each call, because a job may mount anything at any time. It is parsed again when it changes. */
let known = { text: '', points: [] as string[] };

function mountPoints(): string[] {
  const text = readMountInfo();
  if (text !== known.text) known = { text, points: parseMounts(text).map(({ mountPoint }) => mountPoint) };
  return known.points;
}

function readMountInfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'latin1');
  } catch {
    // Not Linux, or a container without /proc.
    return '';
  }
}

/** Resolves symlinks on the way to a folder. Returns `undefined` if there is no folder. */
function realOf(path: string): string | undefined {
  const bytes = pathToBytes(path);
  const stats = lstatSync(bytes, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return undefined;
  return realpathSync(bytes, { encoding: 'buffer' }).toString('latin1');
}
