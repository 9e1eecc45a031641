import { quote } from '@runner-actions/core';
import type { SystemManager } from '@runner-actions/manifest';

/** Families of Linux systems by the `ID` of their os-release(5) file, with their manager. */
const families: Readonly<Record<SystemManager, readonly string[]>> = {
  apt: ['debian', 'ubuntu'],
  dnf: 'fedora rhel centos rocky almalinux ol amzn azurelinux mariner'.split(' '),
  zypper: ['suse', 'opensuse', 'sles', 'opensuse-leap', 'opensuse-tumbleweed'],
  apk: ['alpine', 'wolfi', 'chainguard'],
  pacman: ['arch', 'archarm', 'manjaro'],
  brew: [],
  winget: [],
};

/**
 * Returns the package manager of a system. It does not look for programs: a Debian machine may have rpm and pacman too.
 * @param os `linux`, `macos`, `windows`
 * @param distribution `ID` and then `ID_LIKE` of os-release(5)
 */
export function systemManager({
  os,
  distribution,
}: {
  os: string;
  distribution: readonly string[];
}): SystemManager | { unknown: string } {
  if (os === 'macos') return 'brew';
  if (os === 'windows') return 'winget';
  const managers = Object.keys(families) as SystemManager[];
  for (const id of distribution) {
    const manager = managers.find((one) => families[one].includes(id));
    if (manager !== undefined) return manager;
  }
  const [id = ''] = distribution;
  return { unknown: `the package manager of the system ${quote(id)} is unknown` };
}
