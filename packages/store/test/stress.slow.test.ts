import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('leaves a clean store after four processes used it for a few seconds', () => {
  const script = join(import.meta.dirname, '../stress/stress.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, '--seconds', '3', '--processes', '4'], {
    encoding: 'utf8',
  });
  expect(stdout).toContain(' 0 problems, 0 leftovers');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/"restore":\d+/)]);
});
