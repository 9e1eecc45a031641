// Tests the last job of hybrid-job.yml and hybrid-matrix.yml, which a branch can require. Runs its script with bash.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';

interface Workflow {
  jobs: { result: { name: string; steps: { run: string }[] } };
}

/** Returns how the last job of a workflow ends, and what it says. */
function resultOf(name: string, env: Record<string, string>): { isGreen: boolean; says: string } {
  const text = readFileSync(join(root, '.github/workflows', name), 'utf8');
  const [step] = (parse(text) as Workflow).jobs.result.steps;
  const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step?.run ?? ''], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  });
  return { isGreen: status === 0, says: stdout.trim() };
}

const neverDecided = { SECOND: 'success', DECISION: '', FALLBACK: 'skip' };
const answered = { SECOND: 'skipped', DECISION: 'run', FALLBACK: '' };

describe.each([
  ['hybrid-job.yml', 'RUN'],
  ['hybrid-matrix.yml', 'CELLS'],
])('the last job of %s', (name, variable) => {
  it.each([
    ['green', 'success', answered, /succeeded/],
    ['green', 'success', { ...answered, SECOND: 'success', DECISION: '' }, /succeeded/],
    ['green', 'skipped', { ...answered, DECISION: 'skip' }, /the fallback is 'skip'/],
    ['red', 'failure', answered, /failed\. Its log says why/],
    ['red', 'cancelled', answered, /was cancelled/],
    ['red', 'skipped', answered, /was cancelled/],
    ['red', 'skipped', { ...answered, DECISION: '' }, /was cancelled/],
    ['red', 'skipped', { ...answered, DECISION: 'fail' }, /refused to choose/],
    ['red', 'skipped', neverDecided, /gave no answer, and the fallback is 'skip'/],
    ['red', 'skipped', { ...neverDecided, SECOND: 'failure' }, /gave no answer/],
    ['red', 'skipped', { ...neverDecided, DECISION: 'run' }, /gave no answer/],
    ['red', '', {}, /was cancelled/],
  ] as const)('is %s when the work is "%s" after %o', (colour, work, more, says) => {
    const result = resultOf(name, { [variable]: work, IS_EMPTY: 'false', ...more });
    expect(result).toEqual({ isGreen: colour === 'green', says: expect.stringMatching(says) });
    expect(result.says.startsWith('::error::')).toBe(colour === 'red');
  });

  it('shows the fallback on one line, so that no text of it becomes a command', () => {
    const { says } = resultOf(name, { [variable]: 'skipped', ...neverDecided, FALLBACK: 'a\n::notice::b' });
    expect(says.split('\n')).toHaveLength(1);
  });
});

it('the last job of hybrid-matrix.yml is green when the matrix has no cells', () => {
  const env = { CELLS: 'skipped', IS_EMPTY: 'true', SECOND: 'skipped', DECISION: 'skip' };
  expect(resultOf('hybrid-matrix.yml', env)).toEqual({ isGreen: true, says: 'The matrix has no cells.' });
});
