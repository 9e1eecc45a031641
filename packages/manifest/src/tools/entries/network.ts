import { everywhere, packaged, type ToolEntry } from '../tool-entry.ts';

/** Version control, transfer, and cryptography. */
export const network: readonly ToolEntry[] = [
  {
    names: ['git'],
    pattern: /^git version (\d\S*)/m,
    packages: everywhere('git', { winget: 'Git.Git' }),
  },
  {
    names: ['git-lfs'],
    pattern: /^git-lfs\/(\d\S*)/m,
    packages: everywhere('git-lfs', { winget: 'GitHub.GitLFS' }),
  },
  {
    names: ['svn', 'subversion'],
    pattern: /^svn, version (\d\S*)/m,
    packages: everywhere('subversion'),
  },
  {
    names: ['hg', 'mercurial'],
    pattern: /\(version (\d[^)\s]*)\)/,
    packages: everywhere('mercurial'),
  },
  {
    names: ['curl'],
    pattern: /^curl (\d\S*)/m,
    packages: everywhere('curl', { winget: 'cURL.cURL' }),
  },
  { names: ['wget'], pattern: /^GNU Wget2? (\d\S*)/m, packages: everywhere('wget') },
  { names: ['aria2c', 'aria2'], pattern: /^aria2 version (\d\S*)/m, packages: everywhere('aria2') },
  { names: ['rsync'], pattern: /^rsync {2}version v?(\d\S*)/m, packages: everywhere('rsync') },
  {
    names: ['ssh', 'openssh'],
    arguments: ['-V'],
    pattern: /^OpenSSH_(?:for_Windows_)?(\d[^\s,]*)/m,
    packages: {
      apt: 'openssh-client',
      dnf: 'openssh-clients',
      apk: 'openssh-client',
      pacman: 'openssh',
      brew: 'openssh',
    },
  },
  {
    names: ['socat'],
    arguments: ['-V'],
    pattern: /^socat version (\d\S*)/m,
    packages: everywhere('socat'),
  },
  {
    names: ['ip', 'iproute2'],
    arguments: ['-V'],
    pattern: /\biproute2-(\d[^\s,]*)/,
    packages: packaged('iproute2', ['apt', 'apk', 'pacman', 'zypper'], { dnf: 'iproute' }),
  },
  {
    names: ['dig'],
    arguments: ['-v'],
    pattern: /^DiG (\d[\d.]*)/m,
    packages: { apt: 'dnsutils', dnf: 'bind-utils', apk: 'bind-tools', pacman: 'bind', brew: 'bind' },
  },
  {
    names: ['gpg', 'gnupg'],
    pattern: /^gpg \(GnuPG[\w/]{0,20}\) (\d\S*)/m,
    packages: packaged('gnupg', ['apt', 'apk', 'pacman', 'brew'], { dnf: 'gnupg2' }),
  },
  // Letters count: 1.1.1w is later than 1.1.1. LibreSSL has numbers of its own, and is not taken for it: macOS has it under this name.
  {
    names: ['openssl'],
    scheme: 'plain',
    arguments: ['version'],
    pattern: /^OpenSSL (\d\S*)/m,
    standIn: { program: 'LibreSSL', pattern: /^LibreSSL (\d\S*)/m },
    packages: everywhere('openssl'),
  },
];
