import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ownName, withNames } from './pages.ts';
import type { Release, Tree } from './tree.ts';

/**
 * A reusable workflow or the root action in the source tree. Its references to this project contain a placeholder
 * instead of a commit.
 */
export interface Template {
  /** Path in a release. */
  path: string;
  text: string;
  /** Paths of the reusable workflows that it calls. */
  calls: string[];
}

/**
 * The placeholder for a commit in a template. A commit cannot contain its own hash, so the assembly of a release fills
 * it in.
 */
export const placeholder = '0'.repeat(40);

/** The folder of the action that a release has at its root. */
export const rootAction = '.github/actions/set-up';

const folder = '.github/workflows';
const reference = new RegExp(`${ownName}/([\\w./-]+)@${placeholder}( *#.*)?`, 'g');

/** Returns the workflows of the source tree that have `on: workflow_call`. */
export function readTemplates(root: string): Template[] {
  return readdirSync(join(root, folder))
    .sort()
    .map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(join(root, folder, name), 'utf8'),
    }))
    .filter(({ text }) => isReusable(parse(text)))
    .map(({ path, text }) => ({ path, text, calls: referencesOf(text).filter(isWorkflow) }));
}

/** Returns the action that a release has at its root, so that users call it by the name of the repository alone. */
export function readRootAction(root: string): Template {
  return { path: 'action.yml', text: readFileSync(join(root, rootAction, 'action.yml'), 'utf8'), calls: [] };
}

function isReusable(workflow: unknown): boolean {
  const { on } = workflow as { on?: unknown };
  return typeof on === 'object' && on !== null && 'workflow_call' in on;
}

function referencesOf(text: string): string[] {
  return [...text.matchAll(reference)].map((match) => match[1] ?? '');
}

function isWorkflow(path: string): boolean {
  return path.startsWith(`${folder}/`);
}

/**
 * Sorts templates into layers: a workflow calls only workflows in earlier layers. Each layer becomes one commit,
 * because a called workflow must be in a commit that already exists.
 *
 * @throws Error if workflows call each other in a cycle, or call a workflow that does not exist
 */
export function layersOf(templates: readonly Template[]): Template[][] {
  const layers: Template[][] = [];
  const placed = new Set<string>();
  let rest = [...templates];
  while (rest.length > 0) {
    const next = rest.filter(({ calls }) => calls.every((path) => placed.has(path)));
    if (next.length === 0)
      throw new Error(
        `These workflows call each other in a cycle, or call a workflow that does not exist: ${rest.map(({ path }) => path).join(', ')}.`,
      );
    for (const { path } of next) placed.add(path);
    layers.push(next);
    rest = rest.filter((template) => !next.includes(template));
  }
  return layers;
}

/**
 * Replaces the placeholders in a template with commits, and the names of the project with those of the release.
 *
 * @param actions the files of the release
 * @param commits the commit of the actions (key: '') and of each workflow in earlier layers, by its path
 * @throws Error if the template refers to an action or a workflow that the release does not contain
 */
export function fillTemplate(
  { path, text }: Template,
  release: Release,
  actions: Tree,
  commits: ReadonlyMap<string, string>,
): string {
  const filled = text.replaceAll(reference, (_whole, target: string) => {
    const commit = commits.get(isWorkflow(target) ? target : '');
    if (commit === undefined || (!isWorkflow(target) && !actions.has(`${target}/action.yml`)))
      throw new Error(`${path} refers to ${target}, which is not in the release.`);
    return `${ownName}/${target}@${commit} # ${release.ref}`;
  });
  return withNames(filled, release);
}
