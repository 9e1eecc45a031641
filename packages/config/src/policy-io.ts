import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '@runner-actions/core';
import type { Position, Problem } from './problem.ts';
import type { Policy } from './schema/policy.ts';
import { problemsToError } from './step-config.ts';
import { readText } from './text-io.ts';

/** Returns the path of the machine's policy file. The owner of the machine creates the file. */
export function policyPath(
  platform: NodeJS.Platform = process.platform,
  programData = process.env['ProgramData'] ?? 'C:\\ProgramData',
): string {
  if (platform === 'win32') return `${programData}\\runner-actions\\policy.yml`;
  const folder = platform === 'darwin' ? '/Library/Application Support' : '/etc';
  return join(folder, 'runner-actions', 'policy.yml');
}

export type PolicyResult =
  | { kind: 'read'; policy: Policy; path: string; passedOver: readonly Section[] }
  | { kind: 'none' }
  | { kind: 'wrong'; problems: readonly Problem[] };

/**
 * A section that this version does not know. A newer version may define it, and older versions must accept such a
 * file.
 */
export interface Section extends Position {
  name: string;
  /** The most similar known section. */
  nearest: string | undefined;
}

/**
 * Reads the policy of this machine for a step. Logs unknown sections, and warns if one may be a misspelt known section.
 * @returns `undefined` if the machine has no policy
 * @throws UserError if the policy has mistakes
 */
export async function readStepPolicy(
  step: Pick<Step, 'log' | 'annotate'>,
): Promise<{ policy: Policy; path: string } | undefined> {
  const answer = await readPolicy();
  if (answer.kind === 'none') return undefined;
  if (answer.kind === 'wrong') throw problemsToError(step, answer.problems);
  for (const { name, file, line, nearest } of answer.passedOver) {
    const text = `${file}:${line}: section '${name}' is ignored: this version does not know it.`;
    if (nearest === undefined) step.log.info(text);
    else step.annotate('warning', `${text} Did you mean '${nearest}'?`);
  }
  return { policy: answer.policy, path: answer.path };
}

/**
 * Reads the policy of this machine. A file that exists but cannot be read is a mistake, because its limits must not
 * be ignored.
 */
export async function readPolicy(path = policyPath()): Promise<PolicyResult> {
  const wrong = (expected: string): PolicyResult => ({
    kind: 'wrong',
    problems: [{ file: path, line: 1, column: 1, path: [], found: undefined, expected }],
  });
  try {
    await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'none' };
    return wrong(`a policy that the runner's user may read (${code})`);
  }
  try {
    const file = await readText(await realpath(path));
    if (file.kind === 'wrong') return wrong(file.expected);
    const { parsePolicy } = await import('./policy-document.ts');
    return parsePolicy(file.text, path);
  } catch (error) {
    return wrong(`a policy that the runner's user may read (${(error as NodeJS.ErrnoException).code})`);
  }
}
