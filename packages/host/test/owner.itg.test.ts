import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isDead, type Owner, ownerName, ownerOf, readOwnerName } from '../src/index.ts';

const mine = (): Owner => ownerOf(process.pid);
const linux = process.platform === 'linux';

describe('an owner', () => {
  it('is read from a name as it was written, with anything after it', () => {
    const name = `${ownerName(mine())}_0e8fd1b4-8d24-4a6c-9f3a-2b6d9e1c7a55`;
    expect(readOwnerName(name)).toEqual(mine());
    expect(readOwnerName(`.runner-actions-${name}`)).toEqual(mine());
    expect(readOwnerName('settings.yml')).toBeUndefined();
  });

  it.skipIf(!linux)('lives, or has died, and another process with its number is not it', () => {
    expect(isDead(mine())).toBe(false);
    expect(isDead({ ...mine(), startTime: 1 })).toBe(true);
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    expect(isDead({ ...mine(), pid: gone })).toBe(true);
  });

  it.skipIf(!linux)(
    'cannot be judged on another machine or in another container, and has died with its boot',
    () => {
      expect(isDead({ ...mine(), host: 'elsewhere', boot: 'other' })).toBeUndefined();
      expect(isDead({ ...mine(), namespace: '1', pid: 1 })).toBeUndefined();
      expect(isDead({ ...mine(), boot: '00000000-0000-0000-0000-000000000000' })).toBe(true);
    },
  );
});
