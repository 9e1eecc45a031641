import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the version of the actions and packages. They all have the same one.
 *
 * @throws Error if they differ
 */
export function readVersion(root: string): string {
  const versions = globSync('{actions,packages}/*/package.json', { cwd: root })
    .sort()
    .map((path) => [path, versionIn(join(root, path))] as const);
  const [first, ...others] = new Set(versions.map(([, version]) => version));
  if (first === undefined)
    throw new Error(`${root} has no actions/*/package.json, which states the version.`);
  if (others.length > 0) {
    const list = versions.map(([path, version]) => `  ${version} in ${path}`).join('\n');
    throw new Error(`The versions of the packages differ. Give all of them the same version:\n${list}`);
  }
  return first;
}

function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: string };
  if (version === undefined) throw new Error(`${path} has no version.`);
  return version;
}

/**
 * Returns the tags of a release: the one that stays, and the one that moves with each release.
 *
 * @param ref the tag that users write in `uses`
 * @throws Error if `ref` is a version that does not include this one. Before 1.0.0, any `ref` is accepted.
 */
export function tagsOf(version: string, ref: string): string[] {
  const fixed = `v${version}`;
  const isVersion = /^v\d+(\.\d+)*$/.test(ref);
  if (isVersion && !version.startsWith('0.') && fixed !== ref && !fixed.startsWith(`${ref}.`))
    throw new Error(
      `--ref ${ref} does not fit the version ${version} of the packages. Use --ref v${version.split('.')[0]}, or change the version.`,
    );
  return [...new Set([fixed, ref])];
}
