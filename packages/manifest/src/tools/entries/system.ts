import { everywhere, onLinux, packaged, type ToolEntry } from '../tool-entry.ts';

/** The system, its libraries, shells, archives and text tools. */
export const system: readonly ToolEntry[] = [
  {
    names: ['systemctl', 'systemd'],
    pattern: /^systemd (\d\S*)/m,
    packages: packaged('systemd', ['apt', 'dnf', 'pacman', 'zypper']),
  },
  // Only with the GNU C library; others do not know this variable.
  { names: ['glibc'], command: 'getconf', arguments: ['GNU_LIBC_VERSION'], pattern: /^glibc (\d\S*)/m },
  {
    names: ['ldd'],
    pattern: /^ldd \(.*\) (\d\S*)/m,
    packages: { apt: 'libc-bin', dnf: 'glibc-common', pacman: 'glibc' },
  },
  {
    names: ['musl'],
    command: 'ldd',
    arguments: [],
    pattern: /^musl libc \(\w+\)\nVersion (\d\S*)/m,
    exitCodes: [1],
    packages: { apk: 'musl-utils' },
  },
  { names: ['bash'], pattern: /^GNU bash, version (\d[\d.]*)/m, packages: everywhere('bash') },
  { names: ['zsh'], pattern: /^zsh (\d\S*)/m, packages: everywhere('zsh') },
  { names: ['fish'], pattern: /^fish, version (\d\S*)/m, packages: everywhere('fish') },
  {
    names: ['busybox'],
    arguments: ['--help'],
    pattern: /^BusyBox v(\d\S*)/m,
    packages: onLinux('busybox'),
  },
  {
    names: ['sudo'],
    pattern: /^Sudo version (\d\S*)/m,
    scheme: 'plain',
    packages: onLinux('sudo'),
  },
  // The GNU tools. Those of BusyBox and BSD take other options and have other numbers.
  {
    names: ['tar', 'gtar'],
    pattern: /^tar \(GNU tar\) (\d\S*)/m,
    packages: everywhere('tar', { brew: 'gnu-tar' }),
  },
  {
    names: ['sed', 'gsed'],
    pattern: /^\S*sed \(GNU sed\) (\d\S*)/m,
    packages: everywhere('sed', { brew: 'gnu-sed' }),
  },
  {
    names: ['find'],
    pattern: /^find \(GNU findutils\) (\d\S*)/m,
    packages: everywhere('findutils'),
  },
  {
    names: ['grep', 'ggrep'],
    pattern: /^\S*grep \(GNU grep\) (\d\S*)/m,
    packages: everywhere('grep'),
  },
  // mawk before 1.3.4-20240123 knows only the second form.
  {
    names: ['awk'],
    otherwise: [['-W', 'version']],
    pattern: /^(?:GNU Awk|mawk) (\d[^\s,]*)/m,
    packages: everywhere('gawk'),
  },
  { names: ['gawk'], pattern: /^GNU Awk (\d[^\s,]*)/m, packages: everywhere('gawk') },
  { names: ['bc'], pattern: /^bc (\d\S*)/m, packages: everywhere('bc') },
  {
    names: ['file'],
    pattern: /^file-(\d\S*)/m,
    packages: onLinux('file'),
  },
  { names: ['tree'], pattern: /^tree v(\d\S*)/m, packages: everywhere('tree') },
  { names: ['less'], pattern: /^less (\d\S*)/m, packages: everywhere('less') },
  {
    names: ['tmux'],
    scheme: 'plain',
    arguments: ['-V'],
    pattern: /^tmux (\d\S*)/m,
    packages: everywhere('tmux'),
  },
  {
    names: ['parallel'],
    scheme: 'calver',
    pattern: /^GNU parallel (\d{8}\S*)/m,
    packages: everywhere('parallel'),
  },
  {
    names: ['strace'],
    pattern: /^strace -- version (\d\S*)/m,
    packages: onLinux('strace'),
  },
  {
    names: ['lsof'],
    arguments: ['-v'],
    pattern: /\brevision: (\d\S*)/,
    packages: everywhere('lsof'),
  },
  { names: ['zip'], arguments: ['-v'], pattern: /\bZip (\d\S*)/, packages: everywhere('zip') },
  {
    names: ['unzip'],
    arguments: ['-v'],
    pattern: /^UnZip (\d\S*)/m,
    packages: everywhere('unzip'),
  },
  {
    names: ['7z', '7zip', 'p7zip'],
    arguments: ['i'],
    pattern: /^7-Zip (?:\[\d\d\] |\([a-z]\) )?(\d[\d.]*)/m,
    packages: { apt: '7zip', dnf: 'p7zip-plugins', apk: '7zip', brew: 'sevenzip', winget: '7zip.7zip' },
  },
  {
    names: ['xz'],
    pattern: /^xz \(XZ Utils\) (\d\S*)/m,
    packages: packaged('xz', ['dnf', 'apk', 'pacman', 'zypper', 'brew'], { apt: 'xz-utils' }),
  },
  {
    names: ['zstd'],
    pattern: /^\*\*\* (?:Zstandard|zstd)\b[^,\n]{0,60} v(\d[^\s,]*)/m,
    packages: everywhere('zstd'),
  },
  { names: ['bzip2'], pattern: /^bzip2,.{0,80} Version (\d[^\s,]*)/m, packages: everywhere('bzip2') },
  { names: ['pigz'], pattern: /^pigz (\d\S*)/m, packages: everywhere('pigz') },
  { names: ['lz4'], pattern: /^\*\*\* LZ4\b[^,\n]{0,60} v(\d[^\s,]*)/m, packages: everywhere('lz4') },
  { names: ['brotli'], pattern: /^brotli (\d\S*)/m, packages: everywhere('brotli') },
  { names: ['patch'], pattern: /^GNU patch (\d\S*)/m, packages: everywhere('patch') },
  { names: ['patchelf'], pattern: /^patchelf (\d\S*)/m, packages: everywhere('patchelf') },
  {
    names: ['rpm'],
    pattern: /^RPM version (\d\S*)/m,
    packages: packaged('rpm', ['apt', 'dnf', 'apk', 'zypper']),
  },
  { names: ['brew', 'homebrew'], arguments: ['-v'], pattern: /^Homebrew (\d\S*)/m },
];
