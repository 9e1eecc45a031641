import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { closestName, readDocument } from '@runner-actions/config';
import { record } from './workflow.ts';

/** A `uses` of a job or a step. */
export interface Reference {
  uses: string;
  file: string;
  line: number;
}

/** Actions of GitHub for which this command has a stub, see `stubs`. */
export const stubbed = [
  'actions/checkout',
  'actions/create-github-app-token',
  'actions/download-artifact',
  'actions/upload-artifact',
];

/** Where each action comes from. Keys are `owner/name@ref`. */
export interface Sources {
  /** References to the release of this project. */
  own: string[];
  stubs: string[];
  /** What act downloads from github.com. */
  fetched: string[];
  /** Images that need Docker. */
  images: string[];
  /** What GitHub would not find, as sentences. */
  mistakes: string[];
}

/**
 * Returns every `uses` that a workflow reaches, also through workflows and actions in the same repository.
 * @param start the path of the workflow
 */
export function collectReferences(folder: string, start: string): Reference[] {
  const files = [start];
  const found: Reference[] = [];
  for (const file of files) {
    const document = readDocument(readFileSync(join(folder, file), 'utf8'), file);
    const lineOf = (path: (string | number)[]): number => document.positionOf(path, 'value').line;
    const add = (value: unknown, path: (string | number)[]): void => {
      if (typeof value === 'string') found.push({ uses: value, file, line: lineOf(path) });
    };
    const { jobs, runs } = record(document.value);
    for (const [id, job] of Object.entries(record(jobs))) {
      add(record(job)['uses'], ['jobs', id, 'uses']);
      addSteps(record(job)['steps'], ['jobs', id, 'steps'], add);
    }
    addSteps(record(runs)['steps'], ['runs', 'steps'], add);
    for (const { uses } of found.filter((one) => one.file === file)) {
      const path = localFile(folder, uses);
      if (path !== undefined && !files.includes(path)) files.push(path);
    }
  }
  return found;
}

function addSteps(
  steps: unknown,
  path: (string | number)[],
  add: (value: unknown, path: (string | number)[]) => void,
): void {
  if (!Array.isArray(steps)) return;
  for (const [index, step] of steps.entries()) add(record(step)['uses'], [...path, index, 'uses']);
}

/** Returns the file of a workflow or an action in the same repository; `undefined` if it is elsewhere. */
function localFile(folder: string, uses: string): string | undefined {
  if (!uses.startsWith('./')) return undefined;
  const path = posix.normalize(uses);
  if (path.startsWith('..')) return undefined;
  return [path, `${path}/action.yml`, `${path}/action.yaml`].find(
    (file) => /\.ya?ml$/.test(file) && existsSync(join(folder, file)),
  );
}

/** Parses a reference to a release of this project: the placeholder's name, or a repository of the same name. */
export function ownReference(uses: string): { repository: string; path: string; ref: string } | undefined {
  const [, repository, path, ref] = /^([\w.-]+\/runner-actions)(?:\/([^@]*))?@(.+)$/i.exec(uses) ?? [];
  return repository === undefined || ref === undefined ? undefined : { repository, path: path ?? '', ref };
}

/**
 * Returns where each reference leads.
 * @param shipped the paths of the actions and workflows in a release
 */
export function planSources(
  references: readonly Reference[],
  folder: string,
  shipped: readonly string[],
): Sources {
  const sources: Sources = { own: [], stubs: [], fetched: [], images: [], mistakes: [] };
  for (const reference of references) {
    const { uses, file, line } = reference;
    if (uses.startsWith('docker://')) sources.images.push(uses);
    else if (uses.startsWith('./')) {
      if (localFile(folder, uses) === undefined)
        sources.mistakes.push(`${file}:${line}: ${uses} does not exist in the repository.`);
    } else addRemote(reference, shipped, sources);
  }
  const unique = (list: string[]): string[] => [...new Set(list)].sort();
  return {
    own: unique(sources.own),
    stubs: unique(sources.stubs),
    fetched: unique(sources.fetched),
    images: unique(sources.images),
    mistakes: unique(sources.mistakes),
  };
}

function addRemote({ uses, file, line }: Reference, shipped: readonly string[], sources: Sources): void {
  const own = ownReference(uses);
  if (own !== undefined) {
    // A commit or a branch can be one of the source, in which actions have longer paths.
    const path = /^v\d/.test(own.ref) ? own.path : own.path.replace(/^actions\//, '');
    if (shipped.includes(path)) sources.own.push(`${own.repository}@${own.ref}`);
    else sources.mistakes.push(`${file}:${line}: ${uses}: ${notShipped(own.path, shipped)}`);
    return;
  }
  const [, repository, path, ref] = /^([\w.-]+\/[\w.-]+)((?:\/[^@]*)?)@(.+)$/.exec(uses) ?? [];
  if (repository === undefined || ref === undefined)
    sources.mistakes.push(
      `${file}:${line}: ${uses} does not have the form OWNER/NAME@REF, ./PATH or docker://IMAGE.`,
    );
  else if (path === '' && stubbed.includes(repository)) sources.stubs.push(`${repository}@${ref}`);
  else sources.fetched.push(`${repository}@${ref}`);
}

function notShipped(path: string, shipped: readonly string[]): string {
  const short = path.replace(/^actions\//, '');
  const nearest = shipped.includes(short) ? short : closestName(path, shipped);
  const hint =
    nearest === undefined
      ? ` It has: ${shipped.filter((one) => one !== '').join(', ')}.`
      : ` Did you mean '${nearest}'?`;
  return `a release has no '${path}'.${hint}`;
}
