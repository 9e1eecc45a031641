import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUnknown, oomKills, readKills } from '../src/index.ts';

const limit = String(64 * 2 ** 20);
const top = '/sys/fs/cgroup';

/** Files to set in a new memory cgroup, and where to make it; `undefined` where this process may not. */
function memoryHierarchy(): { folder: string; files: Record<string, string> } | undefined {
  try {
    accessSync('/dev/kmsg', constants.R_OK);
    const v1 = { folder: join(top, 'memory'), files: { 'memory.limit_in_bytes': limit } };
    if (isWritable(v1.folder)) return v1;
    const v2 = { folder: top, files: { 'memory.max': limit, 'memory.swap.max': '0' } };
    const enabled = readFileSync(join(top, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
    return enabled.includes('memory') && isWritable(top) ? v2 : undefined;
  } catch {
    return undefined;
  }
}

function isWritable(folder: string): boolean {
  try {
    rmdirSync(mkdtempSync(join(folder, 'probe-')));
    return true;
  } catch {
    return false;
  }
}

const hierarchy = memoryHierarchy();
const hog = `require('node:fs').writeFileSync(process.argv[1], String(process.pid));
const held = []; for (;;) held.push(Buffer.alloc(1e6, 1));`;

// Skipped where a memory cgroup cannot be made, or the kernel log not be read: that takes root and no
// container.
describe.skipIf(hierarchy === undefined)('readKills on this machine', () => {
  it('finds a process that the kernel killed for the limit of its cgroup', async () => {
    const { folder, files } = hierarchy!;
    const cgroup = mkdtempSync(join(folder, 'oom-test-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(cgroup, name), text);
      const before = oomKills() ?? 0;
      const child = spawn(process.execPath, ['-e', hog, join(cgroup, 'cgroup.procs')], { stdio: 'ignore' });
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      expect(oomKills()).toBeGreaterThan(before);
      const read = readKills(0);
      if (isUnknown(read)) throw new Error(read.unknown);
      const kill = read.kills.find(({ pid }) => pid === child.pid);
      expect(kill).toMatchObject({ memoryCgroup: cgroup.slice(folder.length), constraint: 'cgroup' });
      expect(kill!.anonymousBytes).toBeGreaterThan(2 ** 20);
      expect(readKills(kill!.at)).not.toHaveProperty('kills', expect.arrayContaining([kill]));
    } finally {
      rmdirSync(cgroup);
    }
  });
});
