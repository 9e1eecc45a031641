import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { parseMounts } from '@runner-actions/host';
import { toBytes } from './byte-paths.ts';

/** What is mounted at a path and below it. Paths are a character for each byte. */
interface MountPoints {
  /** The path itself is where something is mounted. */
  isMount: boolean;
  /** Where something is mounted below it, relative to it. */
  below: string[];
}

const none: MountPoints = { isMount: false, below: [] };

/**
 * The mounts at and below a path, bind mounts of the same file system as well. Nothing walks into them, renames or removes them:
 * they are somebody else's. On systems other than Linux only a change of the device is seen, by the walks themselves.
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

/** Read at each call, since a job may mount anything at any time; parsed when it has changed. */
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
    // Another system, or a container without /proc.
    return '';
  }
}

/** The path without links on the way; a link at its end is not followed. `undefined`: nothing is there. */
function realOf(path: string): string | undefined {
  const bytes = toBytes(path);
  const stats = lstatSync(bytes, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return undefined;
  return realpathSync(bytes, { encoding: 'buffer' }).toString('latin1');
}
