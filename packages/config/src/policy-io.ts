import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocument } from './document.ts';
import type { Problem } from './problem.ts';
import { notForPolicies, type Policy, policySchema } from './schema/policy.ts';
import { readText } from './text-io.ts';
import { validate } from './validate.ts';

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
  | { kind: 'read'; policy: Policy; path: string }
  | { kind: 'none' }
  | { kind: 'wrong'; problems: readonly Problem[] };

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
    const read = readDocument(file.text, path);
    const document = read.value === null ? { ...read, value: {} } : read;
    const validation = validate(document, policySchema);
    if (validation.ok) return { kind: 'read', policy: validation.value, path };
    return { kind: 'wrong', problems: validation.problems.map(explain) };
  } catch (error) {
    return wrong(`a policy that the runner's user may read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function explain(problem: Problem): Problem {
  if (problem.path.length > 0 || problem.found === undefined || !notForPolicies.includes(problem.found))
    return problem;
  const { nearest: _, ...rest } = problem;
  const expected = `only cache and cleanup here: what '${problem.found}' decides is decided before a job reaches this machine, so nothing here could enforce it; say it in the repository's configuration`;
  return { ...rest, expected };
}
