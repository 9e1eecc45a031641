import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { noUser } from './situations/ordinary-user.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const skipped = (why: string): string => (why === '' ? '' : ` (skipped: ${why})`);
const reason =
  noUser ||
  (withMounts([]) === undefined ? 'this machine allows no mount namespaces' : '') ||
  (has('setpriv') ? '' : 'there is no setpriv');
const untraced = reason || (has('strace') ? '' : 'there is no strace');
const script = join(import.meta.dirname, '../stress/hostile.ts');

const change = (...args: string[]) => {
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\d+ changes, 0 faults/)]);
};

it.skipIf(reason !== '')(
  `changes of a store by an untrusted user do not lead a job outside of it${skipped(reason)}`,
  () => change('--changes', '300'),
);

it.skipIf(untraced !== '')(
  `changes of a store by an untrusted user do not lead the built action outside of it${skipped(untraced)}`,
  () => change('--changes', '12', '--bundle'),
);
