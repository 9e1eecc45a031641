import type { InstalledPackage, ProvidedName } from './package-database.ts';

/** One line `P` for each package, and lines `V` with what it provides. */
export const rpmQueryFormat =
  'P\\t%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\n' +
  '[V\\t%{PROVIDENAME}\\t%{PROVIDEFLAGS:depflags}\\t%{PROVIDEVERSION}\\n]';

/** rpm's architectures (rpm(8)) that may follow a name: `openssl-libs.i686`. */
const architectures = ['x86_64', 'i686', 'i386', 'aarch64', 'armv7hl', 'ppc64le', 's390x', 'noarch'];

/** Returns the names to ask rpm for. rpm does not find `name.arch` among the names that packages provide. */
export function rpmQueryNames(names: readonly string[]): string[] {
  const plain = names.flatMap((name) => {
    const at = name.lastIndexOf('.');
    return at > 0 && architectures.includes(name.slice(at + 1)) ? [name, name.slice(0, at)] : [name];
  });
  return [...new Set(plain)];
}

/**
 * Reads the output of `rpm -q --whatprovides`. It lists a package once for each name that leads to it. A name that no
 * package provides has a line without a tab.
 */
export function parseRpmOutput(output: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage & { provides: ProvidedName[] }>();
  let current: ProvidedName[] | undefined;
  for (const line of output.split('\n')) {
    const [mark, name, ...rest] = line.split('\t');
    if (mark === 'P' && name !== undefined) {
      const [version = '', architecture = ''] = rest;
      const key = `${name}\t${version}\t${architecture}`;
      const provides: ProvidedName[] = [];
      current = found.has(key) ? undefined : provides;
      if (current !== undefined)
        found.set(key, {
          name,
          version: withoutEpochZero(version),
          architecture,
          state: 'installed',
          provides,
        });
    } else if (mark === 'V' && name !== undefined && rest.length === 2) {
      const [flags = '', version = ''] = rest.map((part) => part.trim());
      // Only `=` states a version. Others, such as `mysql-compat >= 8`, state a range.
      current?.push(flags === '=' ? { name, version: withoutEpochZero(version) } : { name });
    }
  }
  return [...found.values()];
}

/** rpm treats no epoch as epoch 0 (rpm-version(7)). Nobody writes it. */
function withoutEpochZero(version: string): string {
  return version.startsWith('0:') ? version.slice(2) : version;
}
