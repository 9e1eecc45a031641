import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '@runner-actions/core';
import type { Position, Problem } from './problem.ts';
import type { Policy } from './schema/policy.ts';
import { reject } from './step-config.ts';
import { readText } from './text-io.ts';

/** Where the owner of a machine puts the policy file. */
export function policyPath(
  platform: NodeJS.Platform = process.platform,
  programData = process.env['ProgramData'] ?? 'C:\\ProgramData',
): string {
  if (platform === 'win32') return `${programData}\\runner-actions\\policy.yml`;
  const folder = platform === 'darwin' ? '/Library/Application Support' : '/etc';
  return join(folder, 'runner-actions', 'policy.yml');
}

export type PolicyAnswer =
  | { kind: 'read'; policy: Policy; path: string; passedOver: readonly Section[] }
  | { kind: 'none' }
  | { kind: 'wrong'; problems: readonly Problem[] };

/** A section that this version does not know: a newer one may have it, and older ones must survive that. */
export interface Section extends Position {
  name: string;
  /** The known one that is most like it. */
  nearest: string | undefined;
}

/**
 * The policy of this machine, for a step; `undefined`: it has none. Sections that are passed over are told in the log, and with a
 * warning where one of them may be a known one that is misspelt. @throws UserError for a policy with mistakes
 */
export async function policyFor(
  step: Pick<Step, 'log' | 'annotate'>,
): Promise<{ policy: Policy; path: string } | undefined> {
  const answer = await readPolicy();
  if (answer.kind === 'none') return undefined;
  if (answer.kind === 'wrong') throw reject(step, answer.problems);
  for (const { name, file, line, nearest } of answer.passedOver) {
    const text = `${file}:${line}: section '${name}' is passed over: this version does not know it.`;
    if (nearest === undefined) step.log.info(text);
    else step.annotate('warning', `${text} Did you mean '${nearest}'?`);
  }
  return { policy: answer.policy, path: answer.path };
}

/** The policy of this machine. A file that is there and cannot be read is a mistake: its limits must not be passed over. */
export async function readPolicy(path = policyPath()): Promise<PolicyAnswer> {
  const wrong = (expected: string): PolicyAnswer => ({
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
    const { understandPolicy } = await import('./policy-document.ts');
    return understandPolicy(file.text, path);
  } catch (error) {
    return wrong(`a policy that the runner's user may read (${(error as NodeJS.ErrnoException).code})`);
  }
}
