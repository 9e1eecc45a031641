// `npm run release:version` turns the changesets into a version: it changes the version of all packages, writes the
// changelogs of the actions, and deletes the changesets. See docs/release.md.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the folders of all packages of the project except the root. */
export function packageFolders(root: string): string[] {
  const below = ['actions', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return [...below, join(root, 'dist-check')].filter((folder) => existsSync(join(folder, 'package.json')));
}

/** Returns the version that all packages have. @throws Error if they have several */
export function projectVersion(root: string): string {
  const found = new Map(packageFolders(root).map((folder) => [versionOf(folder), folder]));
  const [version = '', ...others] = found.keys();
  if (others.length === 0) return version;
  const list = [...found].map(([one, folder]) => `${one} (${folder})`).join(', ');
  throw new Error(`The packages have several versions: ${list}. Run \`npm run release:version\`.`);
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Creates a version from the changesets in `root`. @throws Error if there are none */
export function createVersion(root: string): string {
  if (pendingChangesets(root).length === 0)
    throw new Error('There is no changeset in .changeset, so there is nothing to release.');
  const run = (...command: string[]): void =>
    void execFileSync('npm', command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  run('exec', '--', 'changeset', 'version');
  // Users do not know the internal packages. What changed for users is in the changelogs of the actions.
  for (const folder of packageFolders(root))
    if (!folder.startsWith(join(root, 'actions'))) rmSync(join(folder, 'CHANGELOG.md'), { force: true });
  const version = projectVersion(root);
  const own = join(root, 'package.json');
  writeFileSync(own, readFileSync(own, 'utf8').replace(/("version": )"[^"]*"/, `$1"${version}"`));
  run('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
  return version;
}

/** Returns the names of the changesets that are not part of a version yet. */
export function pendingChangesets(root: string): string[] {
  return readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md');
}
