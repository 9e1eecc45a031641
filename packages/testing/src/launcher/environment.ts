import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFiles } from './file-commands.ts';

type Variables = Record<string, string>;

/** The variables of a job, by origin. The origin decides which processes get a variable, and which value wins. */
export interface JobVariables {
  /** Variables of the runner's own process, set by the machine's owner. Every process inherits them. */
  machine: Variables;
  /** `env` of the workflow and the job, and values that steps wrote to `GITHUB_ENV`. */
  workflow: Variables;
  /** The contexts `GITHUB_*` and `RUNNER_*`. No `env` can change them. */
  contexts: Variables;
  /** `ACTIONS_*`: access to the runner's services. */
  services: Variables;
  /** Folders that steps wrote to `GITHUB_PATH`, oldest first. `PATH` lists them newest first. */
  paths: string[];
}

/** Source: actions/runner 2.336.0, the allow list in GitHubContext.cs, and RunnerContext.cs. */
const contextNames = new Set([
  ...[
    'ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTION ACTOR ACTOR_ID API_URL ARTIFACTS ARTIFACTS_LIST BASE_REF ENV EVENT_NAME',
    'EVENT_PATH GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF_NAME REF_PROTECTED REF_TYPE REF REPOSITORY REPOSITORY_ID',
    'REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY',
    'TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE',
  ].flatMap((names) => names.split(' ').map((name) => `GITHUB_${name}`)),
  ...'ARCH DEBUG ENVIRONMENT NAME OS TEMP TOOL_CACHE WORKSPACE'.split(' ').map((name) => `RUNNER_${name}`),
]);

/** Source: actions/runner 2.336.0, NodeScriptActionHandler.cs. Scripts get the OIDC token too (ScriptHandler.cs). */
const actionServiceNames =
  /^ACTIONS_(?:RUNTIME_URL|RUNTIME_TOKEN|CACHE_URL|RESULTS_URL|CACHE_SERVICE_V2|CACHE_MODE)$/;
const scriptServiceNames = /^ACTIONS_(?:ID_TOKEN_REQUEST_(?:URL|TOKEN)|ORCHESTRATION_ID)$/;

/** Sorts the variables that a test sets by origin, and adds them to `variables`. */
export function addVariables(variables: JobVariables, given: Variables): void {
  for (const [name, value] of Object.entries(given)) {
    if (contextNames.has(name)) variables.contexts[name] = value;
    else if (name === 'RUNNER_TRACKING_ID') variables.machine[name] = value;
    else if (actionServiceNames.test(name) || scriptServiceNames.test(name)) variables.services[name] = value;
    else variables.workflow[name] = value;
  }
}

/** Reads the runner's `.env` file, which the machine's owner may write. Source: actions/runner, Runner.Listener/Program.cs. */
export function readEnvFile(directory: string): Variables {
  const path = join(directory, '.env');
  if (!existsSync(path)) return {};
  const lines = readFileSync(path, 'utf8').split(/\r\n|\r|\n/);
  const pairs = lines.filter((line) => line.indexOf('=') > 0);
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** The variables and files of one process. */
export interface ProcessVariables {
  kind: 'action' | 'run' | 'hook';
  files: CommandFiles;
  /** `GITHUB_ACTION` and related variables. */
  contexts?: Variables;
  /** The step's `env`, with expressions evaluated. */
  env?: Variables;
  inputs?: Variables;
  state?: Variables;
}

/**
 * Builds the environment of one process. Later values win, so no `env` can change an input or a context. A hook gets
 * the machine's variables and the contexts, but no variable of the workflow. Source: actions/runner 2.336.0,
 * ActionRunner.cs, NodeScriptActionHandler.cs, ScriptHandler.cs, JobHookProvider.cs, ProcessInvoker.cs.
 */
export function processEnvironment(variables: JobVariables, own: ProcessVariables): Variables {
  const { machine, workflow, services, paths } = variables;
  const env: Variables = own.kind === 'hook' ? {} : { ...workflow, ...own.env };
  for (const [name, value] of Object.entries(own.state ?? {})) env[`STATE_${name}`] = value;
  for (const [name, value] of Object.entries(own.inputs ?? {}))
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
  if (paths.length > 0) env['PATH'] = [...paths.toReversed(), env['PATH'] ?? machine['PATH'] ?? ''].join(':');
  Object.assign(env, variables.contexts, own.files, own.contexts);
  for (const [name, value] of Object.entries(services)) {
    if (own.kind === 'action' || scriptServiceNames.test(name)) env[name] = value;
  }
  if (own.kind === 'action') delete env['NODE_ICU_DATA'];
  return { CI: 'true', ...machine, ...env, GITHUB_ACTIONS: 'true' };
}
