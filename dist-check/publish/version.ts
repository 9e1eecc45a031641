// `npm run release:version` turns the changesets into a version: it changes the version of all packages, writes the
// changelogs of the actions, and deletes the changesets. See docs/release.md.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVersion } from '../release/version.ts';

/** Creates a version from the changesets in `root`. @throws Error if there are none */
export function createVersion(root: string): string {
  if (pendingChangesets(root).length === 0)
    throw new Error('There is no changeset in .changeset, so there is nothing to release.');
  const before = readVersion(root);
  for (const name of pendingChangesets(root)) checkChangeset(root, name);
  if (before.startsWith('0.')) keepFirstRelease(root);
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  run(process.execPath, 'node_modules/@changesets/cli/bin.js', 'version');
  // Users do not know the internal packages. What changed for users is in the changelogs of the actions.
  const internal = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`), 'dist-check'];
  for (const folder of internal) rmSync(join(root, folder, 'CHANGELOG.md'), { force: true });
  const version = readVersion(root);
  if (version === before)
    throw new Error(`No changeset changes a package, so the version is still ${before}.`);
  const own = join(root, 'package.json');
  writeFileSync(own, readFileSync(own, 'utf8').replace(/("version": )"[^"]*"/, `$1"${version}"`));
  run('npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
  return version;
}

/**
 * Removes the changesets that do not describe the first release. What they changed was never released, so to its
 * readers it is no change.
 */
function keepFirstRelease(root: string): void {
  for (const name of pendingChangesets(root))
    if (!name.startsWith('first-release')) rmSync(join(root, '.changeset', name));
}

/** Checks that a changeset names only actions: users do not see the changelogs of packages. @throws Error */
function checkChangeset(root: string, name: string): void {
  const [, head = ''] = readFileSync(join(root, '.changeset', name), 'utf8').split(/^---$/m);
  const packages = [...head.matchAll(/^['"]?@runner-actions\/([\w-]+)['"]?:/gm)].map(([, one = '']) => one);
  const actions = readdirSync(join(root, 'actions'));
  const other = packages.find((one) => !actions.includes(one));
  if (other !== undefined)
    throw new Error(
      `.changeset/${name} names @runner-actions/${other}, which has no changelog for users. Name the actions that change.`,
    );
}

/** Returns the names of the changesets that are not part of a version yet. */
export function pendingChangesets(root: string): string[] {
  return readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md');
}
