import type { Act } from './plan.ts';

/** Packages that apt cannot install, with what it says of each. */
export type UnknownPackages = ReadonlyMap<string, string>;

/**
 * Reads which packages of a command made apt-get refuse the whole of it. It names all that it does not know at once, and
 * changes nothing then. Source: cacheset.cc of apt, in the language of `LC_ALL=C`.
 * @param packages those of the command. What apt-get says of others is passed over
 */
export function unknownPackages(
  packages: readonly string[],
  { stderr }: { stderr: string },
): UnknownPackages {
  const said = stderr.split('\n').flatMap((line) => {
    const name = /^E: (?:Unable to locate package|Package) '?([^\s']+)/.exec(line)?.[1];
    const isRefusal = line.startsWith('E: Unable to locate') || line.includes('no installation candidate');
    return name !== undefined && isRefusal && packages.includes(name)
      ? [[name, `apt-get says: ${line.slice('E: '.length).trim()}`] as const]
      : [];
  });
  return new Map(said);
}

/** Returns what apt says of those packages that it does not know; `undefined`: it knows all. */
export function saidOf(packages: readonly string[], unknown: UnknownPackages): string | undefined {
  const said = packages.flatMap((name) => unknown.get(name) ?? []);
  return said.length === 0 ? undefined : said.join('; ');
}

/**
 * Splits a command of apt at the packages that it does not know.
 * @returns the command for the rest, and one for what needs an unknown package: that requirement is not met, also if other
 * packages of it are installed
 */
export function leaveOut(act: Act, unknown: UnknownPackages): { rest: Act; refused: Act } {
  const isRefused = (name: string): boolean =>
    (act.needs?.get(name) ?? act.packages).some((one) => unknown.has(one));
  const packages = act.packages.filter((name) => !unknown.has(name));
  return {
    rest: { ...act, packages, meets: act.meets.filter((name) => !isRefused(name)) },
    refused: { ...act, meets: act.meets.filter(isRefused) },
  };
}
