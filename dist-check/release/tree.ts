import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parse } from 'yaml';
import { addressOn, releasePage, type View } from './pages.ts';
import { rootAction } from './workflows.ts';

/** The names of a release, and the commit that it is built from. */
export interface Release {
  /** The `owner/name` that users write in `uses`. */
  repository: string;
  /** The tag that users write in `uses`. */
  ref: string;
  /** The commit of the source. Links to files that the release does not contain lead to it. */
  source: string;
  /** The action with a repository of its own that the files are for, and that repository's `owner/name`. */
  mirror?: { name: string; repository: string };
}

/** Contents of files, by path. */
export type Tree = Map<string, Buffer>;

const metadata = 'action.yml';
const notShippedFolders = ['src', 'test', 'bench', 'dist', 'node_modules'];

/**
 * Returns the files of a release, without its workflows and its root action:
 * - the metadata, pages and bundle of each action;
 * - the metadata and README of each subfolder of an action that has an `action.yml`;
 * - the README, licence and JSON Schemas of the project, and the page of the root action.
 *
 * @throws Error if an `action.yml` names a script that does not exist
 */
export function actionsTree(root: string, release: Release): Tree {
  const files = shippedFiles(root);
  return readTree(root, files, (text, source) => {
    const folder = posix.dirname(files.get(source) ?? '');
    const addressOf = (path: string): string | undefined =>
      files.has(path) ? posix.relative(folder, files.get(path) ?? '') : undefined;
    return releasePage(text, source, addressOf, release);
  });
}

/**
 * Returns the files of an action's own repository. All links of its pages are absolute: the Marketplace shows the README
 * on a page of its own.
 *
 * @throws Error if an `action.yml` names a script that does not exist
 */
export function mirrorTree(root: string, release: Release & Required<Pick<Release, 'mirror'>>): Tree {
  const { mirror, ref, repository } = release;
  const all = shippedFiles(root);
  const own = new Map(
    [...all]
      .filter(([source]) => source === 'LICENSE' || source.startsWith(`actions/${mirror.name}/`))
      .map(([source, path]) => [source, path.replace(`${mirror.name}/`, '')] as const),
  );
  const addressOf = (path: string, view: View): string | undefined => {
    const inMirror = own.get(path);
    if (inMirror !== undefined) return addressOn(mirror.repository, view, ref, inMirror);
    const inRelease = all.get(path);
    return inRelease === undefined ? undefined : addressOn(repository, view, ref, inRelease);
  };
  return readTree(root, own, (text, source) => releasePage(text, source, addressOf, release));
}

/** Returns the names of the actions, each of which has a folder in `actions`. */
export function actionNames(root: string): string[] {
  return folders(`${root}/actions`).filter((name) => existsSync(`${root}/actions/${name}/${metadata}`));
}

/** Returns the files of a release, without its workflows and its root action: paths in it, by paths in the source. */
function shippedFiles(root: string): Map<string, string> {
  return new Map([
    ...['LICENSE', 'README.md'].map((name) => [name, name] as const),
    [`${rootAction}/README.md`, 'docs/set-up.md'] as const,
    ...listFiles(`${root}/docs/schema`).map(
      (name) => [`docs/schema/${name}`, `docs/schema/${name}`] as const,
    ),
    ...actionNames(root).flatMap((name) =>
      actionFiles(root, name).map((path) => [`actions/${path}`, path] as const),
    ),
  ]);
}

/**
 * Reads files.
 *
 * @param files paths in the result, by paths in the source tree
 * @param convert converts the text of a page. `source` is its path in the source tree.
 */
function readTree(
  root: string,
  files: ReadonlyMap<string, string>,
  convert: (text: string, source: string) => string,
): Tree {
  const tree: Tree = new Map();
  for (const [source, path] of [...files].sort(([, one], [, other]) => (one < other ? -1 : 1))) {
    const content = readFileSync(`${root}/${source}`);
    tree.set(path, source.endsWith('.md') ? Buffer.from(convert(content.toString('utf8'), source)) : content);
  }
  const missing = missingScripts(tree);
  if (missing.length > 0) throw new Error(`${missing.join('\n')}\nRun \`npm run build\` first.`);
  return tree;
}

function actionFiles(root: string, name: string): string[] {
  const folder = `${root}/actions/${name}`;
  const bundle = existsSync(`${folder}/dist`) ? listFiles(`${folder}/dist`) : [];
  return [
    ...bundle.filter((path) => !path.endsWith('.map')).map((path) => `${name}/dist/${path}`),
    ...actionFolders(folder)
      .flatMap((path) => [metadata, 'README.md', 'CHANGELOG.md'].map((file) => posix.join(path, file)))
      .filter((path) => existsSync(`${folder}/${path}`))
      .map((path) => `${name}/${path}`),
  ];
}

/** Returns the action's folder and its subfolders that have an `action.yml`, as relative paths. */
function actionFolders(folder: string, below = '.'): string[] {
  const children = folders(`${folder}/${below}`).filter((name) => !notShippedFolders.includes(name));
  return [
    ...(existsSync(`${folder}/${below}/${metadata}`) ? [below] : []),
    ...children.flatMap((name) => actionFolders(folder, posix.join(below, name))),
  ];
}

/**
 * Returns a message for each script that an `action.yml` names and the tree does not contain. GitHub would report it
 * only in a user's first run.
 */
function missingScripts(tree: Tree): string[] {
  return [...tree].flatMap(([path, content]) => {
    if (posix.basename(path) !== metadata) return [];
    const { runs } = parse(content.toString('utf8')) as { runs?: Record<string, string> };
    return ['pre', 'main', 'post'].flatMap((phase) => {
      const script = runs?.[phase];
      if (script === undefined || tree.has(posix.join(posix.dirname(path), script))) return [];
      return [`${path} names ${script}, which does not exist.`];
    });
  });
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link !== undefined)
    throw new Error(`${link.parentPath}/${link.name} is a link. A release contains only files.`);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => posix.join(parentPath, name).slice(folder.length + 1));
}
