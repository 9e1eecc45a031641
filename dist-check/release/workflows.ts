import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ownName, withNames } from './pages.ts';
import type { Release, Tree } from './tree.ts';

/** A reusable workflow as it stands in the source tree: its references to this project name no commit yet. */
export interface Template {
  /** Path in the repository. */
  path: string;
  text: string;
  /** Paths of the reusable workflows that it calls. */
  calls: string[];
}

/** What stands for a commit in a template. A commit cannot name itself, so an assembly writes it in. */
export const placeholder = '0'.repeat(40);

const folder = '.github/workflows';
const reference = new RegExp(`${ownName}/([\\w./-]+)@${placeholder}( *#.*)?`, 'g');

/** The workflows of the source tree that others may call. */
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
 * The templates in layers: those of a layer call only workflows of the layers before it. Each layer becomes a commit of
 * its own, since a workflow that is called must be in a commit that can be named.
 *
 * @throws Error when workflows call each other in a circle, or one that is not there
 */
export function layersOf(templates: readonly Template[]): Template[][] {
  const layers: Template[][] = [];
  const placed = new Set<string>();
  let rest = [...templates];
  while (rest.length > 0) {
    const next = rest.filter(({ calls }) => calls.every((path) => placed.has(path)));
    if (next.length === 0)
      throw new Error(
        `These call each other, or what is not there: ${rest.map(({ path }) => path).join(', ')}.`,
      );
    for (const { path } of next) placed.add(path);
    layers.push(next);
    rest = rest.filter((template) => !next.includes(template));
  }
  return layers;
}

/**
 * A template with commits in place of placeholders.
 *
 * @param actions the paths of the release that holds the actions
 * @param commits the commit for the actions (key: '') and for each workflow placed so far, by its path
 * @throws Error when it refers to an action that the release does not hold
 */
export function workflowOf(
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
