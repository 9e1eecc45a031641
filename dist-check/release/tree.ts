import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parse } from 'yaml';
import { pageOf } from './pages.ts';

/** What a release is called, and where it comes from. */
export interface Release {
  /** `owner/name` that users write. */
  repository: string;
  /** The tag that users write. */
  ref: string;
  /** The commit of the source tree; links to what a release does not hold go there. */
  source: string;
}

/** Files of a tree, by their path. */
export type Tree = Map<string, Buffer>;

const metadata = 'action.yml';
const notShipped = ['src', 'test', 'bench', 'dist', 'node_modules'];

/**
 * What users get of the actions, by the path in the release: of each action its metadata, page and bundle, of each folder
 * below it that has an `action.yml` the metadata and page; and the project's page, licence and JSON Schemas.
 *
 * @throws Error when an action's metadata names a file that is not there
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
        ? Buffer.from(pageOf(content.toString('utf8'), source, path, shipped, release))
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

/** The action's folder itself and those below it that are actions of their own, relative to it. */
function actionFolders(folder: string, below = '.'): string[] {
  const children = folders(`${folder}/${below}`).filter((name) => !notShipped.includes(name));
  return [
    ...(existsSync(`${folder}/${below}/${metadata}`) ? [below] : []),
    ...children.flatMap((name) => actionFolders(folder, posix.join(below, name))),
  ];
}

/** Every script that some metadata names must be in the tree: GitHub would tell users at the first run, not us. */
function missingScripts(tree: Tree): string[] {
  return [...tree].flatMap(([path, content]) => {
    if (posix.basename(path) !== metadata) return [];
    const { runs } = parse(content.toString('utf8')) as { runs?: Record<string, string> };
    return ['main', 'post'].flatMap((phase) => {
      const script = runs?.[phase];
      if (script === undefined || tree.has(posix.join(posix.dirname(path), script))) return [];
      return [`${path} names ${script}, which is not there.`];
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
