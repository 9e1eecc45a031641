import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './actions.ts';
import { ownName } from './release/pages.ts';

/** The permissions of a job or a workflow: `read` or `write` for each scope. */
export type Permissions = Record<string, string>;

export interface Job {
  permissions?: Permissions;
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
  steps?: { uses?: string; with?: Record<string, unknown> }[];
}

export interface Workflow {
  on: {
    workflow_call?: { inputs?: Record<string, { required?: boolean }>; secrets?: object; outputs?: object };
  };
  permissions?: Permissions;
  jobs: Record<string, Job>;
}

const folder = join(root, 'docs/examples');

/** Returns the names of the complete set-ups: the examples with a `.github` folder to copy. */
export function listExamples(): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, '.github')));
}

/** Returns the text of each file of an example, by its path in the user's repository. */
export function filesOfExample(name: string): Record<string, string> {
  const entries = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, name, path), 'utf8')]));
}

/**
 * Returns the reusable workflow of this project that `uses` of a job refers to; `undefined` for any other reference.
 */
export function calledWorkflow(uses = ''): Workflow | undefined {
  const file = new RegExp(`^${ownName}/\\.github/workflows/([\\w-]+\\.yml)@`).exec(uses)?.[1];
  if (file === undefined) return undefined;
  return parse(readFileSync(join(root, '.github/workflows', file), 'utf8')) as Workflow;
}

/** Returns the permissions that the jobs of a workflow request, including those of the workflows that it calls. */
export function requestedBy({ jobs, permissions: top = {} }: Workflow): Permissions {
  const asked = Object.values(jobs).flatMap(({ uses, permissions = top }) => {
    const called = calledWorkflow(uses);
    return called === undefined ? [permissions] : [permissions, requestedBy(called)];
  });
  return asked.reduce((all, one) => merge(all, one), {});
}

function merge(all: Permissions, one: Permissions): Permissions {
  const wider = Object.entries(one).filter(([scope, access]) => all[scope] !== 'write' || access === 'write');
  return { ...all, ...Object.fromEntries(wider) };
}

/** Returns the requested permissions that the caller does not grant. GitHub does not start a run if there are any. */
export function missingPermissions(granted: Permissions, asked: Permissions): string[] {
  return Object.entries(asked)
    .filter(([scope, access]) => granted[scope] !== 'write' && granted[scope] !== access)
    .map(([scope, access]) => `${scope}: ${access}`);
}
