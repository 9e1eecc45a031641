import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliPrefix } from './cli-prefix.ts';
import { commit, git, initialize } from './git.ts';
import { releasePage } from './pages.ts';
import type { Release, Tree } from './tree.ts';

/** The folder of the command in the source. */
const source = 'packages/cli';

/**
 * Adds the tree of the command `runner-actions` to the repository of a release: a commit without parents, so that no job
 * that uses an action downloads it.
 * @param out the repository
 * @param tags the tags of the release. Those of the command begin with `cli-`
 * @returns the hash of the commit; `undefined` if the source has no command
 * @throws Error if it is not built
 */
export function addCli(
  root: string,
  out: string,
  { release, tags, date, origin }: { release: Release; tags: string[]; date: string; origin: string },
): string | undefined {
  if (!existsSync(join(root, source))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'cli-tree-'));
  try {
    initialize(folder);
    const message = `Command of ${release.ref}\n\n${origin}`;
    const made = commit(folder, cliTree(root, release), message, date);
    git(out, ['fetch', '--quiet', folder, 'HEAD']);
    for (const tag of tags) git(out, ['tag', `${cliPrefix}${tag}`, made]);
    return made;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the files of the command: its bundle, page and licence. */
export function cliTree(root: string, release: Release): Tree {
  const dist = join(root, source, 'dist');
  if (!existsSync(join(dist, 'cli.js')))
    throw new Error(`${source}/dist/cli.js does not exist.\nRun \`npm run build\` first.`);
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw new Error(`${join(link.parentPath, link.name)} is a link.`);
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const page = readFileSync(join(root, source, 'README.md'), 'utf8');
  const readme = releasePage(
    page.replaceAll(`${cliPrefix}v1`, `${cliPrefix}${release.ref}`),
    `${source}/README.md`,
    () => undefined,
    release,
  );
  return new Map([
    ...files.map((path) => [path.slice(dist.length + 1), readFileSync(path)] as const),
    ['README.md', Buffer.from(readme)],
    ['LICENSE', readFileSync(join(root, 'LICENSE'))],
  ]);
}
