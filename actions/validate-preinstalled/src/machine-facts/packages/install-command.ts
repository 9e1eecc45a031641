import type { PackageManager } from '@runner-actions/manifest';

const commands: Readonly<Record<PackageManager, readonly string[]>> = {
  // By default apt does not wait for its lock, and the machine's own updates hold it for minutes.
  apt: ['sudo', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y'],
  dnf: ['sudo', 'dnf', 'install', '-y'],
  zypper: ['sudo', 'zypper', '--non-interactive', 'install'],
  apk: ['sudo', 'apk', 'add'],
  pacman: ['sudo', 'pacman', '-S', '--needed', '--noconfirm'],
  brew: ['brew', 'install'],
  winget: ['winget', 'install', '--exact', '--id'],
  pip: ['python3', '-m', 'pip', 'install'],
  pipx: ['pipx', 'install'],
  npm: ['npm', 'install', '-g'],
  gem: ['gem', 'install'],
  cargo: ['cargo', 'install', '--locked'],
  go: ['go', 'install'],
};

/** Returns the command that installs packages, or upgrades them, without asking anything. */
export function installCommand(
  manager: PackageManager,
  names: readonly string[],
  { upgrade = false }: { upgrade?: boolean } = {},
): string[] {
  const packages = manager === 'go' ? names.map((name) => `${name}@latest`) : names;
  const command = upgrade ? upgrades[manager] : undefined;
  return [...(command ?? commands[manager]), ...packages];
}

/** Where installing a package that is there already does not upgrade it. */
const upgrades: Partial<Record<PackageManager, readonly string[]>> = {
  dnf: ['sudo', 'dnf', 'upgrade', '-y'],
  zypper: ['sudo', 'zypper', '--non-interactive', 'update'],
  apk: ['sudo', 'apk', 'add', '--upgrade'],
  pacman: ['sudo', 'pacman', '-Syu', '--needed', '--noconfirm'],
  brew: ['brew', 'upgrade'],
  winget: ['winget', 'upgrade', '--exact', '--id'],
  pip: ['python3', '-m', 'pip', 'install', '--upgrade'],
  pipx: ['pipx', 'upgrade'],
};

/** Returns the command that completes packages which are there only in part. */
export function repairCommand(manager: PackageManager, name: string, state: string): string {
  if (manager === 'apt')
    return state === 'half-installed'
      ? `sudo apt-get -o DPkg::Lock::Timeout=300 install -y --reinstall ${name}`
      : 'sudo dpkg --configure -a';
  if (manager === 'apk') return 'sudo apk fix';
  if (manager === 'brew') return `brew link ${name}`;
  if (manager === 'cargo') return `cargo install --locked --force ${name}`;
  return installCommand(manager, [name]).join(' ');
}
