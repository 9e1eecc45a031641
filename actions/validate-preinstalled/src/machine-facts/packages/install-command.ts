import { isLanguageManager, type PackageManager, type Range } from '@runner-actions/manifest';
import { packageWithRange } from './version-spec.ts';

/** What meets a requirement: one command, whose packages may be joined with those of an equal command. */
export interface Remedy {
  /** What the command calls: a package manager, `rustup`, `feature` for the installer of a team's own feature, or `archive`
   * for an archive that this action downloads, verifies and publishes itself. */
  by: PackageManager | 'feature' | 'archive' | 'rustup';
  /** The command as a person would type it, with `sudo` where it needs root. */
  command: readonly string[];
  packages: readonly string[];
}

/** An apt-get that waits for the locks of dpkg: by default it fails at once, and the machine's own updates hold them. */
const aptGet = ['sudo', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];

const commands: Readonly<Record<PackageManager, readonly string[]>> = {
  // What would remove a package of the machine is refused.
  apt: [...aptGet, 'install', '-y', '--no-remove'],
  dnf: ['sudo', 'dnf', 'install', '-y'],
  zypper: ['sudo', 'zypper', '--non-interactive', 'install'],
  // Images of Alpine have no list of packages. With this option apk fetches one and keeps it nowhere.
  apk: ['sudo', 'apk', 'add', '--no-cache'],
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

/** Where installing a package that is there already does not upgrade it. */
const upgrades: Partial<Record<PackageManager, readonly string[]>> = {
  dnf: ['sudo', 'dnf', 'upgrade', '-y'],
  zypper: ['sudo', 'zypper', '--non-interactive', 'update'],
  apk: ['sudo', 'apk', 'add', '--no-cache', '--upgrade'],
  pacman: ['sudo', 'pacman', '-Syu', '--needed', '--noconfirm'],
  brew: ['brew', 'upgrade'],
  winget: ['winget', 'upgrade', '--exact', '--id'],
  pip: ['python3', '-m', 'pip', 'install', '--upgrade'],
  pipx: ['pipx', 'upgrade'],
};

/** The command that completes what dpkg was stopped at. */
export const completeCommand: readonly string[] = ['sudo', 'dpkg', '--configure', '-a'];

/** The command that fetches apt's lists of packages. */
export const refreshCommand: readonly string[] = [...aptGet, 'update'];

/**
 * Returns what installs packages, or upgrades them, without asking anything.
 * @param range of the version. Managers of a system install the version that the system has
 */
export function installRemedy(
  manager: PackageManager,
  names: readonly string[],
  { upgrade = false, range }: { upgrade?: boolean; range?: Range | undefined } = {},
): Remedy {
  const packages = isLanguageManager(manager)
    ? names.map((name) => packageWithRange(manager, name, range))
    : names;
  // `pipx upgrade` takes no range.
  if (manager === 'pipx' && upgrade && packages.join() !== names.join())
    return { by: manager, command: [...commands.pipx, '--force'], packages };
  const command = upgrade ? upgrades[manager] : undefined;
  return { by: manager, command: command ?? commands[manager], packages };
}

/** Returns what completes a package that is there only in part. */
export function repairRemedy(manager: PackageManager, name: string, state: string): Remedy {
  const all = (command: readonly string[]): Remedy => ({ by: manager, command, packages: [] });
  const one = (command: readonly string[]): Remedy => ({ by: manager, command, packages: [name] });
  if (manager === 'apt')
    return state === 'half-installed'
      ? one([...aptGet, 'install', '-y', '--no-remove', '--reinstall'])
      : all(completeCommand);
  if (manager === 'apk') return all(['sudo', 'apk', 'fix']);
  if (manager === 'brew') return one(['brew', 'link']);
  if (manager === 'cargo') return one([...commands.cargo, '--force']);
  return installRemedy(manager, [name]);
}

/** Returns the arguments to run. Root needs no `sudo`, which a container may lack. */
export function argumentsToRun(
  { command, packages }: Pick<Remedy, 'command' | 'packages'>,
  isRoot = process.getuid?.() === 0,
): string[] {
  return [...(isRoot && command[0] === 'sudo' ? command.slice(1) : command), ...packages];
}

/** Returns the command as text that a shell reads as the same arguments, for a person who wants to run it. */
export function remedyText(remedy: Pick<Remedy, 'command' | 'packages'>): string {
  return argumentsToRun(remedy)
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
