import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('four processes at one store for a few seconds leave it clean', () => {
  const script = join(import.meta.dirname, '../stress/stress.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, '--seconds', '3', '--processes', '4'], {
    encoding: 'utf8',
  });
  expect(stdout).toContain(' 0 problems, 0 leftovers');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/"restore":\d+/)]);
});
