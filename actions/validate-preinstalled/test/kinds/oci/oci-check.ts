import { execFileSync } from 'node:child_process';
import { checkKind } from '../check-kind.ts';

/**
 * Checks a section `oci` and prints the finding. Tests start it in a process of its own, as another user and with other
 * cgroups. Arguments: the section, what to mount on /sys/fs/cgroup or `-`, and the user or `0`.
 */
const [section = '{}', mount = '-', user = '0'] = process.argv.slice(2);
if (mount !== '-') execFileSync('mount', ['-t', mount, 'none', '/sys/fs/cgroup']);
if (user !== '0') {
  process.setgroups?.([]);
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}
console.log(JSON.stringify(await checkKind('oci', JSON.parse(section), process.env)));
