import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFiles } from './file-commands.ts';

type Variables = Record<string, string>;

/** The variables of a job, by who sets them: which of them a process gets, and which win, depends on that. */
export interface JobVariables {
  /** Of the runner's own process: what the machine's owner set. Every process inherits them. */
  machine: Variables;
  /** `env` of the workflow and the job, and what steps wrote to `GITHUB_ENV`. */
  workflow: Variables;
  /** `GITHUB_*` and `RUNNER_*`: the contexts, which no `env` can change. */
  contexts: Variables;
  /** `ACTIONS_*`: the runner's services. */
  services: Variables;
  /** What steps wrote to `GITHUB_PATH`; the last comes first. */
  paths: string[];
}

/** Source: actions/runner 2.336.0, the allow list in GitHubContext.cs; what RunnerContext.cs holds. */
const contextNames = new Set([
  ...[
    'ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTION ACTOR ACTOR_ID API_URL ARTIFACTS ARTIFACTS_LIST BASE_REF ENV EVENT_NAME',
    'EVENT_PATH GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF_NAME REF_PROTECTED REF_TYPE REF REPOSITORY REPOSITORY_ID',
    'REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY',
    'TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE',
  ].flatMap((names) => names.split(' ').map((name) => `GITHUB_${name}`)),
  ...'ARCH DEBUG ENVIRONMENT NAME OS TEMP TOOL_CACHE WORKSPACE'.split(' ').map((name) => `RUNNER_${name}`),
]);

/** Source: actions/runner 2.336.0, NodeScriptActionHandler.cs; the token of OIDC goes to scripts too (ScriptHandler.cs). */
const forActions =
  /^ACTIONS_(?:RUNTIME_URL|RUNTIME_TOKEN|CACHE_URL|RESULTS_URL|CACHE_SERVICE_V2|CACHE_MODE)$/;
const forScripts = /^ACTIONS_(?:ID_TOKEN_REQUEST_(?:URL|TOKEN)|ORCHESTRATION_ID)$/;

/** Puts each of `given`, the variables that a test sets, where the runner has it from. */
export function addVariables(variables: JobVariables, given: Variables): void {
  for (const [name, value] of Object.entries(given)) {
    if (contextNames.has(name)) variables.contexts[name] = value;
    else if (name === 'RUNNER_TRACKING_ID') variables.machine[name] = value;
    else if (forActions.test(name) || forScripts.test(name)) variables.services[name] = value;
    else variables.workflow[name] = value;
  }
}

/** Reads the runner's file `.env`, which the machine's owner may write. Source: actions/runner, Runner.Listener/Program.cs. */
export function readEnvFile(directory: string): Variables {
  const path = join(directory, '.env');
  if (!existsSync(path)) return {};
  const lines = readFileSync(path, 'utf8').split(/\r\n|\r|\n/);
  const pairs = lines.filter((line) => line.indexOf('=') > 0);
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** What is a step's own. */
export interface OwnVariables {
  kind: 'action' | 'run' | 'hook';
  files: CommandFiles;
  /** `GITHUB_ACTION` and what goes with it. */
  contexts?: Variables;
  /** The step's `env`, evaluated. */
  env?: Variables;
  inputs?: Variables;
  state?: Variables;
}

/**
 * The environment of one process: later ones win over earlier ones, so that no `env` changes an input or a context.
 * A hook gets the machine's variables and the contexts, nothing of the workflow's. Source: actions/runner 2.336.0,
 * ActionRunner.cs, NodeScriptActionHandler.cs, ScriptHandler.cs, JobHookProvider.cs, ProcessInvoker.cs.
 */
export function processEnvironment(variables: JobVariables, own: OwnVariables): Variables {
  const { machine, workflow, services, paths } = variables;
  const env: Variables = own.kind === 'hook' ? {} : { ...workflow, ...own.env };
  for (const [name, value] of Object.entries(own.state ?? {})) env[`STATE_${name}`] = value;
  for (const [name, value] of Object.entries(own.inputs ?? {}))
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
  if (paths.length > 0) env['PATH'] = [...paths.toReversed(), env['PATH'] ?? machine['PATH'] ?? ''].join(':');
  Object.assign(env, variables.contexts, own.files, own.contexts);
  for (const [name, value] of Object.entries(services)) {
    if (own.kind === 'action' || forScripts.test(name)) env[name] = value;
  }
  if (own.kind === 'action') delete env['NODE_ICU_DATA'];
  return { CI: 'true', ...machine, ...env, GITHUB_ACTIONS: 'true' };
}
