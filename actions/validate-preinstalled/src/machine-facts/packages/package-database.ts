import type { PackageManager } from '@runner-actions/manifest';

/**
 * How far a package is installed. Only `installed` can be used. dpkg keeps the others when an installation stops
 * half-way (`half-installed`, `unpacked`, `half-configured`), apk when files or a script of a package are broken
 * (`broken`), and brew when a formula is in the Cellar but not linked into `opt` (`unlinked`).
 */
export type PackageState =
  'installed' | 'half-installed' | 'unpacked' | 'half-configured' | 'broken' | 'unlinked';

/** A name that a package provides, such as `awk` by mawk. Without a version it only says that it is there. */
export interface ProvidedName {
  name: string;
  version?: string;
}

export interface InstalledPackage {
  name: string;
  version: string;
  architecture?: string;
  state: PackageState;
  /** Whether the manager will not upgrade it (`apt-mark hold`, `brew pin`). */
  isHeld?: boolean;
  provides: readonly ProvidedName[];
}

/** A package that provides a name, and the version in which it does so. */
export interface Provider {
  by: InstalledPackage;
  version?: string;
}

export interface FoundPackages {
  /** Packages of this name: one; several kernels; a library for two architectures. */
  named: readonly InstalledPackage[];
  /** Packages that provide the name. Only to be used if no package has the name. */
  providers: readonly Provider[];
  /** Packages of this name for other architectures than the machine's, where the name states no architecture. */
  foreign: readonly InstalledPackage[];
}

export interface PackageDatabase {
  manager: PackageManager;
  /** Where the answer comes from, such as `/var/lib/dpkg/status`. */
  source: string;
  find(name: string): Promise<FoundPackages> | FoundPackages;
  /** All packages that the source lists. Without it, `listPackages` asks the manager in another way. */
  installed?: readonly InstalledPackage[];
  /** The machine's own architecture, in the manager's words. */
  native?: string;
}

/** The packages of a machine; or why they are unknown and what to do. */
export type Packages = PackageDatabase | { unknown: string; advice?: string };

const noPackages: FoundPackages = { named: [], providers: [], foreign: [] };

/**
 * Finds packages by name and by the names that they provide.
 * @param native the machine's own architecture, in the manager's words. With it, `name` means the machine's own
 * architecture, and `name:arch` (dpkg) or `name.arch` (rpm) another.
 */
export function indexPackages(
  installed: readonly InstalledPackage[],
  { separator, native }: { separator?: ':' | '.'; native?: string } = {},
): (name: string) => FoundPackages {
  const byName = new Map<string, InstalledPackage[]>();
  const byProvided = new Map<string, Provider[]>();
  for (const one of installed) {
    add(byName, one.name, one);
    for (const { name, version } of one.provides)
      add(byProvided, name, version === undefined ? { by: one } : { by: one, version });
  }
  return (asked) => {
    if (separator === undefined || byName.has(asked) || byProvided.has(asked))
      return select(byName.get(asked) ?? [], byProvided.get(asked) ?? [], native);
    const at = asked.lastIndexOf(separator);
    if (at <= 0) return noPackages;
    const [name, architecture] = [asked.slice(0, at), asked.slice(at + 1)];
    const fits = (one: InstalledPackage): boolean => one.architecture === architecture;
    const providers = (byProvided.get(name) ?? []).filter(({ by }) => fits(by));
    return { named: (byName.get(name) ?? []).filter(fits), providers, foreign: [] };
  };
}

// Node 20 has no Map.groupBy.
function add<T>(groups: Map<string, T[]>, key: string, one: T): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [one]);
  else known.push(one);
}

/**
 * Returns the name by which `find` finds exactly this package: with its architecture if that is not the machine's own.
 * @param native as in `indexPackages`
 */
export function askedName(
  { name, architecture }: InstalledPackage,
  { separator, native }: { separator?: ':' | '.' | undefined; native?: string | undefined },
): string {
  const isOwn =
    separator === undefined ||
    native === undefined ||
    architecture === undefined ||
    architecture === native ||
    independent.has(architecture);
  return isOwn ? name : `${name}${separator}${architecture}`;
}

/** Architectures of packages that run on every machine: dpkg's, and rpm's. */
const independent = new Set(['all', 'noarch', 'any']);

function select(
  named: readonly InstalledPackage[],
  providers: readonly Provider[],
  native: string | undefined,
): FoundPackages {
  const isOwn = ({ architecture }: InstalledPackage): boolean =>
    native === undefined ||
    architecture === undefined ||
    architecture === native ||
    independent.has(architecture);
  return {
    named: named.filter(isOwn),
    providers: providers.filter(({ by }) => isOwn(by)),
    foreign: named.filter((one) => !isOwn(one)),
  };
}
