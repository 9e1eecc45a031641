import { closestName } from '@runner-actions/config';
import { calledWorkflow, missingPermissions, type Permissions, requestedBy } from '../examples.ts';
import { listActions } from '../actions.ts';
import { ownName } from '../release/pages.ts';
import { ownReference } from './references.ts';
import { type Job, record, type Workflow } from './workflow.ts';

/** What GitHub would say about a workflow and act does not. */
export interface CallProblems {
  /** GitHub does not start the run. */
  mistakes: string[];
  /** GitHub warns. */
  warnings: string[];
}

/** Checks each use of this project in a workflow: inputs, secrets and permissions. */
export function checkCalls(workflow: Workflow, ids: readonly string[]): CallProblems {
  const problems: CallProblems = { mistakes: [], warnings: [] };
  for (const id of ids) {
    const job = workflow.jobs[id] ?? {};
    const at = (...path: (string | number)[]): string =>
      `${workflow.path}:${workflow.document.positionOf(['jobs', id, ...path], 'key').line}: job ${id}`;
    checkCall(workflow, job, at, problems);
    for (const [index, step] of (Array.isArray(job.steps) ? job.steps : []).entries())
      checkStep(step, () => at('steps', index), problems);
  }
  return problems;
}

type At = (...path: (string | number)[]) => string;

function checkCall(workflow: Workflow, job: Job, at: At, { mistakes }: CallProblems): void {
  const own = typeof job.uses === 'string' ? ownReference(job.uses) : undefined;
  const called = own === undefined ? undefined : calledWorkflow(`${ownName}/${own.path}@${own.ref}`);
  if (called === undefined) return;
  const { inputs = {}, secrets = {} } = called.on.workflow_call ?? {};
  for (const name of unknownNames(job.with, Object.keys(inputs)))
    mistakes.push(
      `${at('with', name)}: the input '${name}' does not exist.${hint(name, Object.keys(inputs))}`,
    );
  for (const name of unknownNames(job.secrets, Object.keys(secrets)))
    mistakes.push(
      `${at('secrets', name)}: the secret '${name}' does not exist.${hint(name, Object.keys(secrets))}`,
    );
  for (const [name, { required }] of Object.entries(inputs))
    if (required === true && record(job.with)[name] === undefined)
      mistakes.push(`${at('uses')}: the input '${name}' is missing. Add it under 'with'.`);
  const granted = job.permissions ?? workflow.permissions;
  const missing = granted === undefined ? [] : missingPermissions(scopesOf(granted), requestedBy(called));
  if (missing.length > 0)
    mistakes.push(
      `${at(job.permissions === undefined ? 'uses' : 'permissions')}: the called workflow requests permissions that the job does not grant. Add under 'permissions' of the job: ${missing.join(', ')}.`,
    );
}

function checkStep(step: { uses?: unknown; with?: unknown }, at: At, { warnings }: CallProblems): void {
  const own = typeof step.uses === 'string' ? ownReference(step.uses) : undefined;
  const inputs = own === undefined ? undefined : inputsOfAction(own.path.replace(/^actions\//, ''));
  if (inputs === undefined || own === undefined) return;
  for (const name of unknownNames(step.with, inputs))
    warnings.push(`${at()}: ${own.path} has no input '${name}', so it is ignored.${hint(name, inputs)}`);
}

/** Returns the inputs of an action of this project, or of a part of it such as `restore-local-cache/save`. */
function inputsOfAction(path: string): string[] | undefined {
  const [name = '', ...rest] = path.split('/');
  const action = listActions().find((one) => one.name === name);
  const part = rest.length === 0 ? action : action?.parts.find((one) => one.name === rest.join('/'));
  return part === undefined ? undefined : Object.keys(part.metadata.inputs ?? {});
}

/** Returns the keys that are not known. GitHub ignores upper and lower case in the names of inputs and secrets. */
function unknownNames(given: unknown, known: readonly string[]): string[] {
  const lower = known.map((name) => name.toLowerCase());
  return Object.keys(record(given)).filter((name) => !lower.includes(name.toLowerCase()));
}

function hint(name: string, known: readonly string[]): string {
  const nearest = closestName(name, known);
  return nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
}

const allScopes = [
  'actions',
  'contents',
  'checks',
  'deployments',
  'id-token',
  'issues',
  'packages',
  'pull-requests',
  'statuses',
];

/** Returns the scopes of a value of `permissions`, which may be a map, `read-all` or `write-all`. */
export function scopesOf(permissions: unknown): Permissions {
  const all = permissions === 'read-all' ? 'read' : permissions === 'write-all' ? 'write' : undefined;
  if (all !== undefined) return Object.fromEntries(allScopes.map((scope) => [scope, all]));
  return Object.fromEntries(
    Object.entries(record(permissions)).map(([scope, access]) => [scope, String(access)]),
  );
}

/**
 * Returns what the job's token may do in the simulator: the widest that a job of the workflow grants. Without
 * `permissions` the settings of the repository decide; this assumes that the token may read.
 */
export function grantedToToken(
  { permissions, jobs }: Workflow,
  ids: readonly string[],
): Record<string, 'read' | 'write'> {
  const granted: Record<string, 'read' | 'write'> = {};
  for (const id of ids) {
    const own = jobs[id]?.permissions ?? permissions;
    for (const [scope, access] of Object.entries(
      own === undefined ? { actions: 'read', contents: 'read' } : scopesOf(own),
    ))
      if (access === 'write' || (access === 'read' && granted[scope] !== 'write')) granted[scope] = access;
  }
  return granted;
}
