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
  loadConfig,
  type Loaded,
  printEffective,
} from '../src/index.ts';

const usage = `Usage: npm run config:check -- PATH… [--print] [--environment NAME]
Files of other repositories are fetched with GITHUB_TOKEN, which needs 'contents: read' there.`;

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
  if (print) console.log(printEffective(loaded.tree));
  else console.log(`${given}: good${describe(loaded.names.length, loaded.environments)}`);
  return true;
}

function describe(files: number, environments: readonly string[]): string {
  const with_ = environments.length === 0 ? '' : `, environments ${environments.join(', ')}`;
  return ` (${files} file${files === 1 ? '' : 's'}${with_})`;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { print: { type: 'boolean', default: false }, environment: { type: 'string' } },
  });
  if (positionals.length === 0) throw new Error(usage);
  const { environment } = values;
  for (const path of positionals) {
    const chosen = environment === undefined ? undefined : { name: environment, mayBeMissing: false };
    if (!(await check(path, chosen, values.print))) process.exitCode = 1;
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}
