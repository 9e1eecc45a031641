import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isDead, type Owner, ownerName, ownerOf, readOwnerName } from '../src/index.ts';

const mine = (): Owner => ownerOf(process.pid);
const linux = process.platform === 'linux';

describe('owner', () => {
  it('is parsed from a file name that contains it', () => {
    const name = `${ownerName(mine())}_0e8fd1b4-8d24-4a6c-9f3a-2b6d9e1c7a55`;
    expect(readOwnerName(name)).toEqual(mine());
    expect(readOwnerName(`.runner-actions-${name}`)).toEqual(mine());
    expect(readOwnerName('settings.yml')).toBeUndefined();
  });

  it.skipIf(!linux)('is dead when its process has ended, also when another process has its pid', () => {
    expect(isDead(mine())).toBe(false);
    expect(isDead({ ...mine(), startTime: 1 })).toBe(true);
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    expect(isDead({ ...mine(), pid: gone })).toBe(true);
  });

  it.skipIf(!linux)('is unknown on another machine or in another container, and dead after a reboot', () => {
    expect(isDead({ ...mine(), host: 'elsewhere', boot: 'other' })).toBeUndefined();
    expect(isDead({ ...mine(), namespace: '1', pid: 1 })).toBeUndefined();
    expect(isDead({ ...mine(), boot: '00000000-0000-0000-0000-000000000000' })).toBe(true);
  });
});
