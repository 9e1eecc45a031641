import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretMasker } from './secret-masker.ts';
import type { StepLog } from './step-log.ts';

/** `GITHUB_<key>` names a file whose name begins with this prefix. */
const prefixes = {
  PATH: 'add_path_',
  ENV: 'set_env_',
  STEP_SUMMARY: 'step_summary_',
  STATE: 'save_state_',
  OUTPUT: 'set_output_',
  ARTIFACTS: 'artifacts_',
  ARTIFACTS_LIST: 'artifacts_list_',
} as const;

export type CommandFiles = Record<`GITHUB_${keyof typeof prefixes}`, string>;

/** The changes that a step requests for later steps, and its summary. */
export interface FileCommands {
  paths: string[];
  variables: Record<string, string>;
  summary: string;
}

/** GitHub rejects a larger step summary. In bytes. */
const summaryLimit = 1024 * 1024;

/**
 * Creates the empty files to which a step writes its commands.
 *
 * @param names names of files by their variables, where another runner than GitHub's has others
 * @returns the variables that hold their paths
 */
export function createCommandFiles(directory: string, names: Record<string, string> = {}): CommandFiles {
  const suffix = randomUUID();
  const entries = Object.entries(prefixes).map(([key, prefix]) => {
    const path = join(directory, names[`GITHUB_${key}`] ?? `${prefix}${suffix}`);
    writeFileSync(path, '');
    return [`GITHUB_${key}`, path] as const;
  });
  return Object.fromEntries(entries) as CommandFiles;
}

/**
 * Executes the commands that a step wrote to its files. Outputs and state go to `log`. An invalid record fails the step,
 * but the records before it count. A missing file counts as empty.
 * Source: actions/runner 2.336.0, FileCommandManager.cs.
 */
export function readFileCommands(files: CommandFiles, log: StepLog, masker: SecretMasker): FileCommands {
  const commands: FileCommands = { paths: [], variables: {}, summary: '' };
  const attempt = (name: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      log.fail(`Unable to process file command '${name}' successfully.`, error);
    }
  };
  attempt('path', () => {
    commands.paths.push(
      ...readText(files.GITHUB_PATH)
        .split(/\r\n|\r|\n/)
        .filter((line) => line !== ''),
    );
  });
  attempt('env', () => {
    for (const [name, value] of readRecords(readText(files.GITHUB_ENV))) {
      if (name.toUpperCase() !== 'NODE_OPTIONS') commands.variables[name] = value;
      else log.report('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    }
  });
  attempt('step_summary', () => (commands.summary = readSummary(files.GITHUB_STEP_SUMMARY, log, masker)));
  attempt('state', () => {
    for (const [name, value] of readRecords(readText(files.GITHUB_STATE))) log.state[name] = value;
  });
  attempt('output', () => {
    for (const [name, value] of readRecords(readText(files.GITHUB_OUTPUT))) {
      if (name === '') throw new Error('Value cannot be null or empty: name');
      log.outputs[name] = value;
    }
  });
  return commands;
}

function readSummary(path: string, log: StepLog, masker: SecretMasker): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > summaryLimit) {
    const [limit, found] = [summaryLimit, size].map((bytes) => Math.floor(bytes / 1024));
    log.report(
      'error',
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${found}k.`,
    );
    return '';
  }
  const lines = readText(path).split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${masker.mask(line)}\n`).join('');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Yields `name=value` and `name<<DELIMITER` records. Only a line feed ends a line. @throws Error at an invalid record */
export function* readRecords(text: string): Generator<readonly [name: string, value: string]> {
  let position = 0;
  const nextLine = (): { line: string; ended: boolean } | undefined => {
    if (position >= text.length) return undefined;
    const end = text.indexOf('\n', position);
    const line = text.slice(position, end < 0 ? undefined : end);
    position = end < 0 ? text.length : end + 1;
    return { line, ended: end >= 0 };
  };
  for (let next = nextLine(); next !== undefined; next = nextLine()) {
    const { line } = next;
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.slice(0, equals), line.slice(equals + 1)];
    } else if (heredoc >= 0) {
      const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
      if (name === '' || delimiter === '')
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
      const lines = [];
      for (let part = nextLine(); part?.line !== delimiter; part = nextLine()) {
        if (part === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
        if (!part.ended) throw new Error('Invalid value. EOF marker missing new line.');
        lines.push(part.line);
      }
      yield [name, lines.join('\n')];
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
}
