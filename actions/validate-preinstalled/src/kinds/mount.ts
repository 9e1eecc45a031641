import { resolve } from 'node:path';
import { ownValue } from '@runner-actions/core';
import { isUnknown, localPathOf, type Mount, mountOf, readMounts } from '@runner-actions/host';
import type { MountRequirement } from '@runner-actions/manifest';
import { expandPath } from '../expand-path.ts';
import type { Finding, Kind } from './kind.ts';

type Spec = MountRequirement['spec'];

/** A mounted file system. Only the kernel's table is read, so that one that does not answer is no problem. */
export const mount = {
  check({ spec }, machine) {
    const wanted = wantedMount(spec);
    const mounts = readMounts();
    if (isUnknown(mounts)) return { status: 'error', found: mounts.unknown, wanted };
    const path = localPathOf(resolve(machine.job.workspace, expandPath(spec.path, machine)), '/');
    return judgeMount(mountOf(path, mounts), path, spec, wanted);
  },
} satisfies Kind<MountRequirement>;

function wantedMount({ type, source, options }: Spec): string {
  const parts = [
    type === undefined ? '' : [type].flat().join(' or '),
    source === undefined ? '' : `of ${source}`,
    options === undefined ? '' : options.join(', '),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'a mount';
}

/** Source: mount(8). The kernel does not list these: it lists only their opposites. */
const unlisted: Record<string, string> = {
  exec: 'noexec',
  suid: 'nosuid',
  dev: 'nodev',
  atime: 'noatime',
  async: 'sync',
  strictatime: 'relatime',
};

/** Returns whether a mount has an option, or with `!` does not have it. */
export function hasOption(options: readonly string[], wanted: string): boolean {
  const name = wanted.replace(/^!/, '');
  const opposite = ownValue(unlisted, name);
  // A mount for reading only may be of a file system that is mounted for writing elsewhere: both are listed.
  if (name === 'rw') return options.includes('ro') === wanted.startsWith('!');
  const has = options.includes(name) || (opposite !== undefined && !options.includes(opposite));
  return has !== wanted.startsWith('!');
}

/**
 * @param found the mount that holds the path
 * @param path without links
 */
export function judgeMount(found: Mount | undefined, path: string, spec: Spec, wanted: string): Finding {
  const fail = (found: string, advice: string): Finding => ({ status: 'fail', found, wanted, advice });
  if (found === undefined || (spec.within !== true && found.mountPoint !== path))
    return fail(`nothing mounted there (it is on ${found?.mountPoint ?? 'nothing'})`, `Mount it at ${path}.`);
  const { type, source, options, mountPoint } = found;
  const text = `${type} of ${source} on ${mountPoint}`;
  if (spec.type !== undefined && ![spec.type].flat().includes(type))
    return fail(text, 'Mount the other one.');
  if (spec.source !== undefined && spec.source !== source) return fail(text, 'Mount the other one.');
  const wrong = (spec.options ?? []).filter((option) => !hasOption(options, option));
  if (wrong.length === 0) return { status: 'pass', found: text, wanted };
  const change = wrong
    .map((option) => (option.startsWith('!') ? positive(option.slice(1)) : option))
    .join(',');
  return fail(
    `${text} with ${options.slice(0, 30).join(',')}`,
    `Run 'sudo mount -o remount,${change} ${mountPoint}', and set it in /etc/fstab.`,
  );
}

/** Returns the option of mount(8) that takes another one back. */
function positive(option: string): string {
  if (option.startsWith('no')) return option.slice(2);
  if (option === 'ro') return 'rw';
  return option === 'rw' ? 'ro' : `no${option}`;
}
