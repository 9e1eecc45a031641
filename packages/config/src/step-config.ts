import { type Step, trustOf, UserError, warnOnce } from '@runner-actions/core';
import { connect, type GitHub } from '@runner-actions/github';
import { apiFiles } from './api-io.ts';
import { checkoutFiles, headOf } from './checkout-io.ts';
import { type Files, normalize } from './files.ts';
import { chooseConfigSource } from './config-source.ts';
import { type Environment, loadConfig } from './load.ts';
import { describeProblem, type Position, type Problem } from './problem.ts';
import type { Config } from './schema/config.ts';
import type { Ignored } from './secret-names.ts';

export const defaultPath = '.github/runner-config.yml';
/**
 * Timeout in milliseconds, and call budget, for reading the configuration. They are separate from those of the action
 * itself.
 */
const timeout = 10_000;
const callBudget = 40;

/**
 * The team's configuration for a step. With `none` and `unknown` the `config` is empty, so most callers need not
 * check `kind`.
 */
export interface StepConfig {
  kind: 'read' | 'none' | 'unknown';
  config: Config;
  /** Returns the position of the value at a path such as `['cache', 'root']`. */
  originOf(path: readonly (string | number)[]): Position | undefined;
  /** The path of the file in the repository. */
  path: string;
  /** Why `kind` is `none` or `unknown`; otherwise ''. */
  why: string;
  /** Ignored names of secrets. The action that would use them reports them once. */
  ignored: readonly Ignored[];
}

/**
 * Reads the configuration that governs this step. Uses the inputs `config`, `environment` and `token`. If a file
 * cannot be fetched, the step shows a warning. Each mistake in a file gets an annotation.
 * @throws UserError if a file has mistakes, if the input `config` names a missing file, or if the environment does
 * not exist
 */
export async function readStepConfig(step: Step): Promise<StepConfig> {
  const given = step.inputs.text('config');
  const path = normalizeConfigPath(given ?? defaultPath);
  const loaded = await loadConfig(
    await governingFiles(step),
    { repository: undefined, ref: undefined, path },
    environmentOf(step),
  );
  const empty = { config: {}, originOf: () => undefined, path, ignored: [] };
  if (loaded.kind === 'wrong') throw problemsToError(step, loaded.problems);
  if (loaded.kind === 'read') {
    step.log.debug(`Configuration: ${loaded.names.join(', ')}.`);
    const { config, originOf, ignored } = loaded;
    return { kind: 'read', config, originOf, path, why: '', ignored };
  }
  if (loaded.kind === 'unknown') {
    const why = loaded.why.join('; ');
    await warnOnce(step, `The configuration could not be fetched, so its settings are unknown: ${why}.`);
    return { kind: 'unknown', ...empty, why };
  }
  if (given !== undefined)
    throw new UserError(
      `Input 'config' names ${path}, but this file does not exist in the commit that governs this run.`,
    );
  if (step.inputs.text('environment') !== undefined)
    throw new UserError(`Input 'environment' is given, but there is no ${path} that declares environments.`);
  step.log.debug(`No configuration: ${loaded.why}.`);
  return { kind: 'none', ...empty, why: loaded.why };
}

/**
 * Annotates all problems except the last one, and returns the last one as an error. The order matters: GitHub shows
 * only the first annotations of a step at their lines.
 */
export function problemsToError(step: Pick<Step, 'annotate'>, problems: readonly Problem[]): UserError {
  const last = problems.at(-1);
  for (const problem of problems.slice(0, -1)) step.annotate('error', withPlace(problem), problem);
  return last === undefined
    ? new UserError('The configuration is wrong.')
    : new UserError(withPlace(last), last);
}

/** Warns at each ignored value. */
export function warnIgnored(step: Step, ignored: readonly Ignored[]): void {
  for (const { message, ...place } of ignored)
    step.annotate('warning', `${place.file}:${place.line}:${place.column}: ${message}`, place);
}

/** Adds the position to the message, because logs do not show the position of an annotation. */
function withPlace(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`;
}

/** Opens the files of the commit that governs this run. */
async function governingFiles(step: Step): Promise<Files> {
  const { job } = step;
  const { trusted } = trustOf(job, []);
  const head = await headOf(job.workspace);
  const place = chooseConfigSource({ trusted, sha: job.sha, head });
  const ref = place.from === 'api' ? place.ref : undefined;
  const api = apiFiles({ github: client(step), repository: job.repository.fullName, ref });
  step.log.debug(
    place.from === 'checkout'
      ? 'The checkout belongs to this run, so its configuration is used.'
      : `The configuration is read through the API, at ${ref ?? 'the default branch'}.`,
  );
  return place.from === 'checkout' ? checkoutFiles(job.workspace, api) : api;
}

/**
 * Opens the files below a folder, by default the checkout, even if it is untrusted, and files of other repositories. Use
 * them only for checks, never to apply the configuration.
 */
export function filesToCheck(step: Step, folder = step.job.workspace): Files {
  const api = apiFiles({ github: client(step), repository: step.job.repository.fullName, ref: undefined });
  return checkoutFiles(folder, api);
}

function client({ inputs, job, deadline }: Step): GitHub | undefined {
  const token = inputs.secret('token');
  if (token === undefined) return undefined;
  return connect({ token, apiUrl: job.apiUrl, deadline: deadline.limit(timeout), calls: callBudget });
}

/** Normalizes the input `config`. @throws UserError if the path leads out of the repository */
export function normalizeConfigPath(given: string): string {
  const path = given.startsWith('/') ? undefined : normalize(given, '');
  if (path !== undefined) return path;
  throw new UserError(
    `Input 'config' is '${given}': expected a path inside the repository, such as ${defaultPath}.`,
  );
}

/**
 * Reads the environment's name from the input, or from a variable. A variable of the organization or of the machine
 * applies to many repositories, so it may name an environment that this configuration does not have.
 */
function environmentOf({ inputs, job }: Step): Environment | undefined {
  const given = inputs.text('environment');
  if (given !== undefined) return { name: given, mayBeMissing: false };
  const variable = ['RUNNER_ACTIONS_VARS_ENVIRONMENT', 'RUNNER_ACTIONS_ENVIRONMENT']
    .map((name) => job.environment[name]?.trim() ?? '')
    .find((text) => text !== '');
  return variable === undefined ? undefined : { name: variable, mayBeMissing: true };
}
