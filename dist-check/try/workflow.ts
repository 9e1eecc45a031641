import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closestName, describeProblem, type Document, readDocument } from '@runner-actions/config';
import { UsageError, WorkflowError } from './usage-error.ts';

/** The parts of a job that this command reads. Values are unchecked: act and GitHub validate them. */
export interface Job {
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: unknown;
  steps?: { uses?: string; run?: unknown; with?: Record<string, unknown> }[];
  permissions?: unknown;
  strategy?: { matrix?: unknown; 'max-parallel'?: unknown; 'fail-fast'?: unknown };
  'runs-on'?: unknown;
  'continue-on-error'?: unknown;
  [key: string]: unknown;
}

/** A workflow of the user. */
export interface Workflow {
  /** Path in the repository. */
  path: string;
  /** Name as act prints it. */
  name: string;
  text: string;
  document: Document;
  /** The filters and inputs of each event that triggers it. */
  events: Record<string, unknown>;
  permissions: unknown;
  jobs: Record<string, Job>;
}

export const workflowsFolder = '.github/workflows';

/** Returns the names of the workflow files in a repository, sorted. */
export function listWorkflows(folder: string): string[] {
  const path = join(folder, workflowsFolder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

/**
 * Chooses a workflow: the one that is named, or the only one that an event can trigger.
 * @param names the files in `.github/workflows`
 * @param startable those that not only other workflows call
 * @param wanted the name of a file, with or without its folder
 * @throws UsageError that lists the workflows
 */
export function chooseWorkflow(
  names: readonly string[],
  wanted: string | undefined,
  folder: string,
  startable = names,
): string {
  const list = names.map((name) => `  ${name}`).join('\n');
  if (names.length === 0)
    throw new UsageError(
      `${folder} has no workflow: no .yml file in ${workflowsFolder}, or git ignores it. Name the folder of your repository.`,
    );
  if (wanted === undefined) {
    const [only] = names.length === 1 ? names : startable;
    if ((names.length === 1 || startable.length === 1) && only !== undefined) return only;
    throw new UsageError(
      `${folder} has ${names.length} workflows. Choose one with --workflow NAME:\n${list}`,
    );
  }
  const name = wanted.split('/').at(-1) ?? wanted;
  const found = names.find((one) => one === name || one.replace(/\.ya?ml$/, '') === name);
  if (found === undefined)
    throw new UsageError(`--workflow ${wanted}: there is no such workflow. There are:\n${list}`);
  return found;
}

/** Returns whether an event can trigger a workflow. A file that cannot be read counts: its mistake must be shown. */
export function isStartable(folder: string, path: string): boolean {
  try {
    return Object.keys(readWorkflow(folder, path).events).some((name) => name !== 'workflow_call');
  } catch {
    return true;
  }
}

/** Reads a workflow. @throws WorkflowError if it is not YAML, or has no jobs */
export function readWorkflow(folder: string, path: string): Workflow {
  return parseWorkflow(readFileSync(join(folder, path), 'utf8'), path);
}

/** Parses the text of a workflow, see `readWorkflow`. */
export function parseWorkflow(text: string, path: string): Workflow {
  const document = readDocument(text, path);
  if (document.problems.length > 0)
    throw new WorkflowError(
      document.problems
        .map((problem) => `${path}:${problem.line}:${problem.column}: ${describeProblem(problem)}`)
        .join('\n'),
    );
  const { name, on, permissions, jobs } = record(document.value);
  if (Object.keys(record(jobs)).length === 0)
    throw new WorkflowError(`${path}: 'jobs' is missing or empty. A workflow has at least one job.`);
  return {
    ...{ path, text, document, permissions },
    name: typeof name === 'string' && name !== '' ? name : (path.split('/').at(-1) ?? path),
    events: eventsOf(on),
    jobs: Object.fromEntries(Object.entries(record(jobs)).map(([id, job]) => [id, record(job) as Job])),
  };
}

function eventsOf(on: unknown): Record<string, unknown> {
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [String(name), null]));
  return record(on);
}

/** Returns the value if it is a map, else an empty one. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/**
 * Chooses the event: the one that is named, else `push`, else the workflow's first.
 * @throws UsageError if the event does not trigger the workflow
 */
export function chooseEvent({ path, events }: Workflow, wanted: string | undefined): string {
  const names = Object.keys(events);
  const usable = names.filter((name) => name !== 'workflow_call');
  if (wanted !== undefined && !usable.includes(wanted))
    throw new UsageError(
      `${path} does not run on the event ${wanted}. It runs on: ${usable.join(', ') || 'no event of its own'}.`,
    );
  const chosen = wanted ?? (usable.includes('push') ? 'push' : usable[0]);
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    names.length > 0
      ? `${path} only runs when another workflow calls it. Choose the workflow that calls it with --workflow NAME.`
      : `${path} has no 'on', so nothing triggers it. Add for example: on: push`,
  );
}

/** Checks that the workflow has the job. @throws UsageError that lists the jobs */
export function checkJob({ path, jobs }: Workflow, wanted: string | undefined): void {
  if (wanted === undefined || jobs[wanted] !== undefined) return;
  const nearest = closestName(wanted, Object.keys(jobs));
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  throw new UsageError(
    `--job ${wanted}: ${path} has no such job. It has: ${Object.keys(jobs).join(', ')}.${hint}`,
  );
}

/** Returns the ids of the jobs that run: all, or the chosen one with those that it needs. */
export function jobsToRun({ jobs }: Workflow, wanted: string | undefined): string[] {
  if (wanted === undefined) return Object.keys(jobs);
  const chosen = new Set([wanted]);
  for (const id of chosen) for (const need of [jobs[id]?.['needs'] ?? []].flat()) chosen.add(String(need));
  return Object.keys(jobs).filter((id) => chosen.has(id));
}

/** Returns the names of the secrets or variables that a text refers to, without those that GitHub provides. */
export function namesIn(text: string, context: 'secrets' | 'vars'): string[] {
  const pattern = context === 'secrets' ? /\bsecrets\.([A-Za-z_][\w-]*)/g : /\bvars\.([A-Za-z_][\w-]*)/g;
  const names = [...text.matchAll(pattern)].map(([, name = '']) => name.toUpperCase());
  return [...new Set(names)].filter((name) => name !== 'GITHUB_TOKEN').sort();
}
