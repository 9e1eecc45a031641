import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parse } from 'yaml';
import { releasePage } from './pages.ts';

/** The names of a release, and the commit that it is built from. */
export interface Release {
  /** The `owner/name` that users write in `uses`. */
  repository: string;
  /** The tag that users write in `uses`. */
  ref: string;
  /** The commit of the source. Links to files that the release does not contain lead to it. */
  source: string;
}

/** Contents of files, by path. */
export type Tree = Map<string, Buffer>;

const metadata = 'action.yml';
const notShippedFolders = ['src', 'test', 'bench', 'dist', 'node_modules'];

/**
 * Returns the files of a release, without its workflows:
 * - the metadata, README and bundle of each action;
 * - the metadata and README of each subfolder of an action that has an `action.yml`;
 * - the README, licence and JSON Schemas of the project.
 *
 * @throws Error if an `action.yml` names a script that does not exist
 */
export function actionsTree(root: string, release: Release): Tree {
  const sources = new Map([
    ...['LICENSE', 'README.md'].map((name) => [name, name] as const),
    ...listFiles(`${root}/docs/schema`).map(
      (name) => [`docs/schema/${name}`, `docs/schema/${name}`] as const,
    ),
    ...folders(`${root}/actions`)
      .filter((name) => existsSync(`${root}/actions/${name}/${metadata}`))
      .flatMap((name) => actionFiles(root, name).map((path) => [path, `actions/${path}`] as const)),
  ]);
  const shipped = new Map([...sources].map(([path, source]) => [source, path]));
  const tree: Tree = new Map();
  for (const [path, source] of [...sources].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const content = readFileSync(`${root}/${source}`);
    tree.set(
      path,
      source.endsWith('.md')
        ? Buffer.from(releasePage(content.toString('utf8'), source, path, shipped, release))
        : content,
    );
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
      .flatMap((path) => [metadata, 'README.md'].map((file) => posix.join(path, file)))
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
    return ['main', 'post'].flatMap((phase) => {
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
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => posix.join(parentPath, name).slice(folder.length + 1));
}
