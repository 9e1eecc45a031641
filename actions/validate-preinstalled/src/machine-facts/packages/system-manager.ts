import type { Manager } from './package-database.ts';

/** Families of Linux systems by their `ID` in os-release(5), with their manager. */
const families: Readonly<Record<string, Manager>> = {
  ...{ debian: 'apt', ubuntu: 'apt' },
  ...{ fedora: 'dnf', rhel: 'dnf', centos: 'dnf', rocky: 'dnf', almalinux: 'dnf', ol: 'dnf', amzn: 'dnf' },
  ...{ azurelinux: 'dnf', mariner: 'dnf' },
  ...{ suse: 'zypper', opensuse: 'zypper', sles: 'zypper', 'opensuse-leap': 'zypper' },
  ...{ 'opensuse-tumbleweed': 'zypper', alpine: 'apk', wolfi: 'apk', chainguard: 'apk' },
  ...{ arch: 'pacman', archarm: 'pacman', manjaro: 'pacman' },
};

/**
 * Returns the manager of a Linux system by the `ID` and `ID_LIKE` of its os-release(5) file. It does not look for
 * programs: a Debian machine may have rpm and pacman too.
 */
export function systemManager(osRelease: string): Manager | { unknown: string } {
  const ids = [...idsOf(osRelease, 'ID'), ...idsOf(osRelease, 'ID_LIKE')];
  for (const id of ids) {
    if (Object.hasOwn(families, id)) return families[id] as Manager;
  }
  const id = ids[0]?.replaceAll(/[^\w.-]/g, '?').slice(0, 40) ?? 'without a name';
  return { unknown: `the package manager of the system ${id} is unknown` };
}

function idsOf(osRelease: string, key: string): string[] {
  const line = osRelease.split('\n').find((one) => one.startsWith(`${key}=`));
  const value = line?.slice(key.length + 1).trim() ?? '';
  const unquoted = /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
  return unquoted
    .toLowerCase()
    .split(' ')
    .filter((id) => id !== '');
}
