import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { reason as notRoot } from './as-user.ts';

const reason = notRoot || withMounts([]) ? notRoot : ' (skipped: this machine allows no mount namespaces)';
const script = join(import.meta.dirname, '../stress/hostile.ts');

it.skipIf(reason !== '').each([
  ['the engine', ['--changes', '200']],
  ['the bundle', ['--changes', '10', '--bundle']],
])(`%s stays in the workspace when an untrusted job changes the work folder${reason}`, (_what, args) => {
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\d+ changes, 0 faults/)]);
});
