import { type Step, trustOf, UserError } from '@runner-actions/core';
import { connect, type GitHub } from '@runner-actions/github';
import { apiFiles } from './api-io.ts';
import { checkoutFiles, headOf } from './checkout-io.ts';
import { type Files, normalize } from './files.ts';
import { governing } from './config-source.ts';
import { type Environment, loadConfig } from './load.ts';
import { describeProblem, type Position, type Problem } from './problem.ts';
import type { Config } from './schema/config.ts';
import type { Ignored } from './secret-names.ts';

export const defaultPath = '.github/runner-config.yml';
/** How long reading may take, and how many calls; both apart from what the action itself may use. */
const limit = 10_000;
const calls = 40;

/** The team's choices for a step. `none` and `unknown` have an empty `config`, so that callers ask `kind` only where it matters. */
export interface StepConfig {
  kind: 'read' | 'none' | 'unknown';
  config: Config;
  /** The place of the value at a path such as `['cache', 'root']`. */
  originOf(path: readonly (string | number)[]): Position | undefined;
  /** The path of the file, as the user names it. */
  path: string;
  /** Why it is `none` or `unknown`; else empty. */
  why: string;
  /** Names of secrets that do not count; for the action that would have used them to tell, once. */
  ignored: readonly Ignored[];
}

/**
 * The configuration that governs this step. Reads the inputs `config`, `environment` and `token`.
 * A file that cannot be fetched is a warning; one that is wrong is annotated at each mistake.
 * @throws UserError for a file with mistakes, one that was named and is not there, and an environment it does not have
 */
export async function configFor(step: Step): Promise<StepConfig> {
  const given = step.inputs.text('config');
  const path = pathOf(given ?? defaultPath);
  const loaded = await loadConfig(
    await governingFiles(step),
    { repository: undefined, ref: undefined, path },
    environmentOf(step),
  );
  const empty = { config: {}, originOf: () => undefined, path, ignored: [] };
  if (loaded.kind === 'wrong') throw reject(step, loaded.problems);
  if (loaded.kind === 'read') {
    step.log.debug(`Configuration: ${loaded.names.join(', ')}.`);
    const { config, originOf, ignored } = loaded;
    return { kind: 'read', config, originOf, path, why: '', ignored };
  }
  if (loaded.kind === 'unknown') {
    const why = loaded.why.join('; ');
    step.annotate('warning', `The configuration could not be fetched, so what it says is unknown: ${why}.`);
    return { kind: 'unknown', ...empty, why };
  }
  if (given !== undefined)
    throw new UserError(
      `Input 'config' names ${path}, and there is no such file in the commit that governs this run.`,
    );
  if (step.inputs.text('environment') !== undefined)
    throw new UserError(`Input 'environment' is given, and there is no ${path} that could declare it.`);
  step.log.debug(`No configuration: ${loaded.why}.`);
  return { kind: 'none', ...empty, why: loaded.why };
}

/** Annotates all mistakes but the last, which is the error that comes back: only the first ones are shown at their lines. */
export function reject(step: Pick<Step, 'annotate'>, problems: readonly Problem[]): UserError {
  const last = problems.at(-1);
  for (const problem of problems.slice(0, -1)) step.annotate('error', withPlace(problem), problem);
  return last === undefined
    ? new UserError('The configuration is wrong.')
    : new UserError(withPlace(last), last);
}

/** A warning at each value that does not count. */
export function tellIgnored(step: Step, ignored: readonly Ignored[]): void {
  for (const { message, ...place } of ignored)
    step.annotate('warning', `${place.file}:${place.line}:${place.column}: ${message}`, place);
}

/** Logs do not show where an annotation points, so the message says it as well. */
function withPlace(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`;
}

/** Files of the commit that governs this run. */
async function governingFiles(step: Step): Promise<Files> {
  const { job } = step;
  const { trusted } = trustOf(job, []);
  const head = await headOf(job.workspace);
  const place = governing({ trusted, sha: job.sha, head });
  const ref = place.from === 'api' ? place.ref : undefined;
  const api = apiFiles({ github: client(step), repository: job.repository.fullName, ref });
  step.log.debug(
    place.from === 'checkout'
      ? 'The checkout is of this run, and its configuration counts.'
      : `The configuration is read through the API, at ${ref ?? 'the default branch'}.`,
  );
  return place.from === 'checkout' ? checkoutFiles(job.workspace, api) : api;
}

/** Files of the checkout as it lies there, whoever it is from: for checking, never for obeying. */
export function filesToCheck(step: Step): Files {
  const api = apiFiles({ github: client(step), repository: step.job.repository.fullName, ref: undefined });
  return checkoutFiles(step.job.workspace, api);
}

function client({ inputs, job, deadline }: Step): GitHub | undefined {
  const token = inputs.secret('token');
  if (token === undefined) return undefined;
  return connect({ token, apiUrl: job.apiUrl, deadline: deadline.limit(limit), calls });
}

export function pathOf(given: string): string {
  const path = given.startsWith('/') ? undefined : normalize(given, '');
  if (path !== undefined) return path;
  throw new UserError(
    `Input 'config' is '${given}': expected a path inside the repository, such as ${defaultPath}.`,
  );
}

/** The variable may be the organization's and the machine's may serve many repositories: either may name what this one lacks. */
function environmentOf({ inputs, job }: Step): Environment | undefined {
  const given = inputs.text('environment');
  if (given !== undefined) return { name: given, mayBeMissing: false };
  const variable = ['RUNNER_ACTIONS_VARS_ENVIRONMENT', 'RUNNER_ACTIONS_ENVIRONMENT']
    .map((name) => job.environment[name]?.trim() ?? '')
    .find((text) => text !== '');
  return variable === undefined ? undefined : { name: variable, mayBeMissing: true };
}
