/** What a machine's system and architecture may be, as the manifest names them. */
export const systems = ['linux', 'macos', 'windows'] as const;
export const architectures = ['x64', 'arm64', 'arm', 'ia32'] as const;
export const systemForms = 'linux, macos or windows';
export const architectureForms = 'x64 (x86_64), arm64 (aarch64), arm or ia32';

/** Other names of systems and architectures, as `uname`, package managers and other programs say them. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ...['darwin', 'mac', 'osx'].map((name) => [name, 'macos'] as const),
  ...['win', 'win32', 'win64'].map((name) => [name, 'windows'] as const),
  ...['amd64', 'x86_64', 'x86-64'].map((name) => [name, 'x64'] as const),
  ...['aarch64', 'armv8'].map((name) => [name, 'arm64'] as const),
  ...['armhf', 'armv6l', 'armv7l', 'armv7'].map((name) => [name, 'arm'] as const),
  ...['x86', 'i386', 'i686', '386'].map((name) => [name, 'ia32'] as const),
]);

/** IDs that people write for the system. Source: ID in the /etc/os-release of each. */
const distributions = new Set([
  ...['ubuntu', 'debian', 'raspbian', 'linuxmint', 'kali', 'fedora', 'rhel', 'centos', 'rocky', 'almalinux'],
  ...['amzn', 'ol', 'alpine', 'arch', 'opensuse', 'suse', 'sles', 'gentoo', 'nixos'],
]);

const known: Readonly<Record<'os' | 'arch', { names: readonly string[]; forms: string }>> = {
  os: { names: systems, forms: systemForms },
  arch: { names: architectures, forms: architectureForms },
};

/**
 * Returns what is expected instead of a value that `os` or `arch` has on no machine; `undefined` for one that it may
 * have. Capitals do not count.
 * @param distributionIs writes a condition about the distribution, for a distribution in the place of a system
 */
export function whyNoMachineHas(
  fact: 'os' | 'arch',
  value: string,
  distributionIs: (id: string) => string,
): string | undefined {
  const word = value.toLowerCase();
  const { names, forms } = known[fact];
  if (names.includes(word)) return undefined;
  const name = otherNames.get(word);
  if (name !== undefined && names.includes(name)) return `${forms}; ${word} is \`${name}\``;
  if (fact === 'arch') return forms;
  const [id = ''] = /^[a-z]+/.exec(word) ?? [];
  return `${forms}; a distribution is \`${distributionIs(distributions.has(id) ? id : 'ubuntu')}\``;
}
