import type { SchemeName } from '../versions/index.ts';

/** Managers of a whole system's packages. A machine has one of them, and perhaps brew beside it. */
export const systemManagers = ['apt', 'dnf', 'zypper', 'apk', 'pacman', 'brew', 'winget'] as const;
export type SystemManager = (typeof systemManagers)[number];

/** Managers of one language's packages. Several of them may be on a machine. */
export const languageManagers = ['pip', 'pipx', 'npm', 'gem', 'cargo', 'go'] as const;
export type LanguageManager = (typeof languageManagers)[number];

export type PackageManager = SystemManager | LanguageManager;
export const packageManagers: readonly PackageManager[] = [...systemManagers, ...languageManagers];

/** How the versions of a manager's packages compare. pacman's `vercmp` follows rpm's rules (vercmp(8)). */
export const schemeOfManager: Readonly<Record<PackageManager, SchemeName>> = {
  ...({ apt: 'deb', dnf: 'rpm', zypper: 'rpm', apk: 'apk', pacman: 'rpm', brew: 'semver' } as const),
  ...({ winget: 'semver', pip: 'pep440', pipx: 'pep440', npm: 'semver', gem: 'gem' } as const),
  ...({ cargo: 'semver', go: 'semver' } as const),
};

export function isLanguageManager(manager: PackageManager): manager is LanguageManager {
  return (languageManagers as readonly string[]).includes(manager);
}
