import { execFileSync } from 'node:child_process';
import { startDeadline } from '@runner-actions/core';
import { kindOf } from '../../../src/kinds/kinds.ts';
import { openMachine } from '../../../src/machine-io.ts';
import { jobWith, requirementsOf } from '../check-kind.ts';

/**
 * Checks a section `oci` and prints the finding. Tests start it in a process of its own, as another user and with other
 * cgroups. Arguments: the section, what to mount on /sys/fs/cgroup or `-`, the user or `0`, milliseconds for the check.
 */
const [section = '{}', mount = '-', user = '0', milliseconds = '60000'] = process.argv.slice(2);
if (mount !== '-') execFileSync('mount', ['-t', mount, 'none', '/sys/fs/cgroup']);
if (user !== '0') {
  process.setgroups?.([]);
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}
const [requirement] = await requirementsOf('oci', JSON.parse(section));
if (requirement === undefined) throw new Error('the section has no requirement');
const machine = openMachine(jobWith(process.env), startDeadline(Number(milliseconds)));
console.log(JSON.stringify(await (await kindOf(requirement)).check(requirement, machine)));
