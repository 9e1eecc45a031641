import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const mountPoint = '/sys/fs/cgroup';

/** Returns the folders of the cgroups that a runtime made for a container. Their names contain its id. */
export function cgroupsOf(pid: number, id: string): readonly string[] {
  const lines = read(`/proc/${pid}/cgroup`).split('\n');
  // `0::/path`, or `4:memory:/path`. Source: cgroups(7).
  const paths = lines
    .map((line) => line.split(':').slice(2).join(':'))
    .filter((path) => basename(path).includes(id));
  const roots = [mountPoint, ...hierarchies().map((name) => join(mountPoint, name))];
  return [...new Set(paths)].flatMap((path) => roots.map((root) => join(root, path))).filter(existsSync);
}

function hierarchies(): readonly string[] {
  try {
    return readdirSync(mountPoint, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .slice(0, 100);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
