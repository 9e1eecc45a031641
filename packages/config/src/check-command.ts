import {
  CommandFailure,
  type CommandResult,
  exitCodes,
  helpOf,
  type Log,
  parseOptions,
} from '@runner-actions/core';
import type { FilePlace, Files } from './files.ts';
import { localFile } from './local-file.ts';
import { lintPools } from './lint-pools.ts';
import { checkConfig, type Environment, loadConfig, type Loaded } from './load.ts';
import { printEffective } from './print.ts';
import { describeProblem } from './problem.ts';

const usage = `usage: runner-actions config check PATH… [--print] [--environment NAME]

Checks configuration files with each of their environments, and warns of pools that may share machines.

  --print             prints the effective configuration, with the origin of each value
  --environment NAME  checks and prints only this environment
  --json              prints the result as JSON
  --help              prints this text

Files of other repositories are fetched with GITHUB_TOKEN, which needs 'contents: read' there.

exit codes: 0 all files are good, also with warnings; 1 a file has mistakes; 2 wrong usage; 3 a file could not be checked`;

/** What was found in one file. */
interface Checked {
  file: string;
  good: boolean;
  /** As `file:line:column: text`. */
  mistakes: string[];
  warnings: string[];
  /** Lines for people. */
  lines: string[];
}

/** Checks configuration files before they are pushed. */
export async function command(args: readonly string[], say: Log): Promise<CommandResult> {
  const { values, positionals } = parseOptions(args, usage, {
    print: { type: 'boolean', default: false },
    environment: { type: 'string' },
  });
  if (values.help) return helpOf(usage);
  if (positionals.length === 0) throw new CommandFailure(exitCodes.usage, usage);
  const { environment } = values;
  const chosen = environment === undefined ? undefined : { name: environment, mayBeMissing: false };
  const files: Checked[] = [];
  for (const path of positionals) files.push(await check(path, chosen, values.print));
  for (const line of files.flatMap(({ mistakes, warnings }) => [...mistakes, ...warnings])) say.info(line);
  return {
    code: files.every(({ good }) => good) ? exitCodes.well : exitCodes.findings,
    lines: files.flatMap(({ lines }) => lines),
    result: { version: 1, files: files.map(({ lines: _, ...file }) => file) },
  };
}

async function check(given: string, environment: Environment | undefined, print: boolean): Promise<Checked> {
  const { files, place } = localFile(given);
  let loaded: Loaded = await checkConfig(files, place);
  if (loaded.kind === 'read' && environment !== undefined)
    loaded = await loadConfig(files, place, environment);
  if (loaded.kind === 'wrong') {
    const mistakes = loaded.problems.map((problem) => `${at(problem)}: ${describeProblem(problem)}`);
    return { file: given, good: false, mistakes, warnings: [], lines: [] };
  }
  if (loaded.kind !== 'read') throw new CommandFailure(exitCodes.attention, `${given} could not be read.`);
  const ignored = loaded.ignored.map((one) => `${at(one)}: ${one.message}`);
  const warnings = [...ignored, ...(await warningsOf(loaded, environment, files, place))];
  const lines = print
    ? printEffective(loaded.tree).split('\n')
    : [`${given}: good${describe(loaded.names.length, loaded.environments)}`];
  return { file: given, good: true, mistakes: [], warnings, lines };
}

const at = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  `${file}:${line}:${column}`;

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
  return new Set(all.map((one) => `${at(one)}: warning: ${one.message}`));
}

function describe(files: number, environments: readonly string[]): string {
  const with_ = environments.length === 0 ? '' : `, environments ${environments.join(', ')}`;
  return ` (${files} file${files === 1 ? '' : 's'}${with_})`;
}
