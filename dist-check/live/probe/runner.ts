// What the probe asks of the runner. It uses no package: it runs on any machine.
import { appendFileSync } from 'node:fs';
import { type LiveRecord, marker } from '../record.ts';

export function emit(record: LiveRecord): void {
  console.log(`${marker}${JSON.stringify(record)}`);
}

export function input(name: string): string {
  return process.env[`INPUT_${name.toUpperCase()}`] ?? '';
}

export function isShown(word: string): boolean {
  return input('show').split(' ').includes(word);
}

/** Writes a record to a command file of the runner, such as `GITHUB_OUTPUT`. */
export function writeFile(file: string, name: string, value: string): void {
  appendFileSync(process.env[file] ?? '', `${name}<<END\n${value}\nEND\n`);
}

/**
 * Returns the names of the variables that the runner sets, without their values. Leaves out those of an action's
 * repository: this check calls actions by a local path, and the launcher says what it is for users.
 */
export function variableNames(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => /^(?:ACTIONS|GITHUB|RUNNER)_(?!ACTION_RE)/.test(name))
    .sort();
}

/** Returns the names of the claims in the token of the cache service, without their values. */
export function claimNames({ ACTIONS_RUNTIME_TOKEN: token = '' }: NodeJS.ProcessEnv): string[] {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    return Object.keys(claims).sort();
  } catch {
    return [];
  }
}
