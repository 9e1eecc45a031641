// `npm run config:check -- PATH…` checks configuration files before they are pushed. `--print [--environment NAME]`
// prints the effective configuration.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, startDeadline } from '@runner-actions/core';
import { connect } from '@runner-actions/github';
import {
  apiFiles,
  checkConfig,
  checkoutFiles,
  describeProblem,
  type Environment,
  type FilePlace,
  type Files,
  loadConfig,
  type Loaded,
  printEffective,
} from '../src/index.ts';
import { lintPools } from '../src/lint-pools.ts';

const usage = `Usage: npm run config:check -- PATH… [--print] [--environment NAME]

Checks configuration files with each of their environments, and warns of pools that may share machines.

  --print             prints the effective configuration, with the origin of each value
  --environment NAME  checks and prints only this environment
  --help              prints this text

Files of other repositories are fetched with GITHUB_TOKEN, which needs 'contents: read' there.
Exit status: 0 all files are good, also with warnings; 1 a file has mistakes; 2 wrong use.`;

/**
 * Finds the folder that contains `.git`; otherwise the file's own folder. A path in `extends` must not lead out of
 * it.
 */
function rootOf(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dirname(path);
  }
}

function filesBelow(root: string) {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: apiUrl = 'https://api.github.com' } = process.env;
  const github = token ? connect({ token, apiUrl, deadline: startDeadline(60_000), calls: 100 }) : undefined;
  return checkoutFiles(root, apiFiles({ github, repository: '', ref: undefined }));
}

/** Checks a file and prints the result. @returns whether the file is valid */
async function check(given: string, environment: Environment | undefined, print: boolean): Promise<boolean> {
  const path = resolve(process.env['INIT_CWD'] ?? '.', given);
  const root = rootOf(path);
  const place = { repository: undefined, ref: undefined, path: relative(root, path).split(sep).join('/') };
  const files = filesBelow(root);
  let loaded: Loaded = await checkConfig(files, place);
  if (loaded.kind === 'read' && environment !== undefined)
    loaded = await loadConfig(files, place, environment);
  if (loaded.kind === 'wrong') {
    for (const problem of loaded.problems)
      console.error(`${problem.file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`);
    return false;
  }
  if (loaded.kind !== 'read') throw new Error(`${given} could not be read.`);
  for (const { file, line, column, message } of loaded.ignored)
    console.error(`${file}:${line}:${column}: ${message}`);
  for (const warning of await warningsOf(loaded, environment, files, place)) console.error(warning);
  if (print) console.log(printEffective(loaded.tree));
  else console.log(`${given}: good${describe(loaded.names.length, loaded.environments)}`);
  return true;
}

/** Returns the warnings of the chosen environment; without one, those of the file and of each of its environments. */
async function warningsOf(
  loaded: Extract<Loaded, { kind: 'read' }>,
  environment: Environment | undefined,
  files: Files,
  place: FilePlace,
): Promise<Set<string>> {
  const others = environment === undefined ? loaded.environments : [];
  const each = await Promise.all(
    others.map((name) => loadConfig(files, place, { name, mayBeMissing: false })),
  );
  const all = [loaded, ...each].flatMap((one) => (one.kind === 'read' ? lintPools(one) : []));
  return new Set(
    all.map(({ file, line, column, message }) => `${file}:${line}:${column}: warning: ${message}`),
  );
}

function describe(files: number, environments: readonly string[]): string {
  const with_ = environments.length === 0 ? '' : `, environments ${environments.join(', ')}`;
  return ` (${files} file${files === 1 ? '' : 's'}${with_})`;
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        print: { type: 'boolean', default: false },
        environment: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Error(`${messageOf(error)}\n\n${usage}`, { cause: error });
  }
}

try {
  const { values, positionals } = parse();
  if (values.help) console.log(usage);
  else if (positionals.length === 0) throw new Error(usage);
  const { environment } = values;
  for (const path of values.help ? [] : positionals) {
    const chosen = environment === undefined ? undefined : { name: environment, mayBeMissing: false };
    if (!(await check(path, chosen, values.print))) process.exitCode = 1;
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}
