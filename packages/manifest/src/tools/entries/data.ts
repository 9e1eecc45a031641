import { bareVersion, everywhere, packaged, type ToolEntry } from '../tool-entry.ts';

/** Databases and their clients, web servers, and tools for structured text. */
export const data: readonly ToolEntry[] = [
  {
    names: ['psql', 'postgresql-client'],
    pattern: /^psql \(PostgreSQL\) (\d\S*)/m,
    packages: {
      apt: 'postgresql-client',
      dnf: 'postgresql',
      apk: 'postgresql-client',
      pacman: 'postgresql-libs',
      zypper: 'postgresql',
      brew: 'libpq',
    },
  },
  // MariaDB's client gives its own version first, then the server's.
  {
    names: ['mysql'],
    pattern: /\b(?:Distrib|from|Ver(?! \d[^\n,]*(?:Distrib|from))) (\d[\d.]*)/,
    packages: { apt: 'default-mysql-client', dnf: 'mysql', apk: 'mysql-client', brew: 'mysql-client' },
  },
  {
    names: ['redis-cli'],
    pattern: /^redis-cli (\d\S*)/m,
    packages: { apt: 'redis-tools', dnf: 'redis', apk: 'redis', pacman: 'redis', brew: 'redis' },
  },
  {
    names: ['redis-server', 'redis'],
    pattern: /^Redis server v=(\d\S*)/m,
    packages: everywhere('redis', { apt: 'redis-server' }),
  },
  {
    names: ['sqlite3', 'sqlite'],
    pattern: /^(\d+\.\S+) \d{4}-\d\d-\d\d /m,
    packages: packaged('sqlite', ['dnf', 'apk', 'pacman', 'brew'], {
      apt: 'sqlite3',
      zypper: 'sqlite3',
      winget: 'SQLite.SQLite',
    }),
  },
  { names: ['mongosh'], pattern: bareVersion, packages: { brew: 'mongosh', winget: 'MongoDB.Shell' } },
  {
    names: ['nginx'],
    arguments: ['-v'],
    pattern: /^nginx version: \w+\/(\d\S*)/m,
    packages: everywhere('nginx'),
  },
  {
    names: ['apache2', 'httpd'],
    arguments: ['-v'],
    pattern: /^Server version: Apache\/(\d\S*)/m,
    packages: { apt: 'apache2', apk: 'apache2', zypper: 'apache2' },
  },
  { names: ['jq'], pattern: /^jq-(\d\S*)/m, packages: everywhere('jq', { winget: 'jqlang.jq' }) },
  // Two tools have this name: mikefarah's, and kislyuk's for Python, which Debian builds without a version.
  {
    names: ['yq'],
    pattern: /^yq (?:\(https:\S+\) version )?v?(?!0\.0\.0)(\d\S*)/m,
    packages: { apk: 'yq', brew: 'yq', winget: 'MikeFarah.yq' },
  },
];
