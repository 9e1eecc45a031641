import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isUnknown, readMounts } from '@runner-actions/host';

/** Returns the folders of the cgroups that a runtime made for a container. Their names contain its id. */
export function cgroupsOf(pid: number, id: string): readonly string[] {
  // `0::/path`, or `4:memory:/path`. Source: cgroups(7).
  const paths = readLines(`/proc/${pid}/cgroup`).map((line) => line.split(':').slice(2).join(':'));
  const own = [...new Set(paths.filter((path) => basename(path).includes(id)))];
  const mounts = readMounts();
  const roots = isUnknown(mounts) ? [] : mounts.filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  // A mount may show only a part of the hierarchy.
  const inside = (path: string, root: string): string =>
    path.startsWith(root) ? path.slice(root.length) : path;
  return own
    .flatMap((path) => roots.map(({ mountPoint, root }) => join(mountPoint, inside(path, root))))
    .filter((path) => existsSync(path));
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
