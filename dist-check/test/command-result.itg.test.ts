// Tests the shells of hybrid-job.yml, and the JSON that it makes of the file $HYBRID_OUTPUT. Runs the scripts of the
// workflow with bash.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';

const { jobs } = parse(readFileSync(join(root, '.github/workflows/hybrid-job.yml'), 'utf8')) as {
  jobs: { run: { steps: { name: string; run?: string; env?: Record<string, string> }[] } };
};
const scriptOf = (step: string): string => jobs.run.steps.find(({ name }) => name === step)?.run ?? '';

const folder = mkdtempSync(join(tmpdir(), 'hybrid &-'));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(file('hybrid-output'), { force: true }));

/** Runs a script as the runner does for `shell: bash`. */
function bash(script: string, more: Record<string, string> = {}) {
  return spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: file('github-output'),
      },
      // The step Prepare passes its script on to the steps of the commands.
      RUNNER_ACTIONS_START: jobs.run.steps[0]?.env?.['RUNNER_ACTIONS_START'],
      ...more,
    },
  });
}

/** Runs a command as the job does. */
function command(shell: string, text: string, step = 'Run the command') {
  const answer = bash(scriptOf(step), {
    ...{ RUNNER_ACTIONS_COMMAND: text, RUNNER_ACTIONS_SHELL: shell },
    ...{ RUNNER_ACTIONS_ENV: 'A=1', RUNNER_ACTIONS_MATRIX_ENV: '', RUNNER_ACTIONS_SECRETS: '' },
    RUNNER_ACTIONS_TOKEN: '',
  });
  return { status: answer.status, says: answer.stdout.trim(), complains: answer.stderr };
}

/** Returns the output `result` for this content of $HYBRID_OUTPUT, or the message of the failure. */
function resultOf(content?: string | Buffer): unknown {
  writeFileSync(file('github-output'), '');
  if (content !== undefined) writeFileSync(file('hybrid-output'), content);
  const { status, stdout, stderr } = bash(scriptOf('Read the result'));
  expect(stderr).toBe('');
  if (status !== 0) return stdout.trim();
  const written = readFileSync(file('github-output'), 'utf8');
  expect(written).toMatch(/^result=.*\n$/);
  return JSON.parse(written.slice('result='.length));
}

describe('the shell of the command', () => {
  it.each([
    ['bash', 'echo "$A ${BASH_VERSION:+bash}"', '1 bash'],
    ['sh', 'echo "$A"', '1'],
    ['perl {0}', 'print "$ENV{A}\\n";', '1'],
    [`${process.execPath} --no-warnings {0}`, 'console.log(process.env.A)', '1'],
  ])('%s runs the command with its environment', (shell, text, expected) => {
    expect(command(shell, text)).toEqual({ status: 0, says: expected, complains: '' });
  });

  it.each(['bash', 'sh'])('%s ends the command with the code of the first line that fails', (shell) => {
    expect(command(shell, '(exit 7)\necho late')).toEqual({ status: 7, says: '', complains: '' });
  });

  it.each(['', 'cmd', 'fish'])('"%s" is rejected with the names that work', (shell) => {
    const { status, says } = command(shell, 'echo ran');
    expect([status, says]).toEqual([
      2,
      expect.stringContaining(`The input shell is '${shell}'. Use bash, sh,`),
    ]);
  });

  it('passes a script to PowerShell that ends with the code of its last program', () => {
    const shell = 'pwsh';
    writeFileSync(file(shell), '#!/bin/sh\necho "$4"; cat "$5"\n', { mode: 0o755 });
    const { stdout } = bash(`PATH=$RUNNER_TEMP:$PATH; ${scriptOf('Run the command')}`, {
      ...{ RUNNER_ACTIONS_COMMAND: 'make', RUNNER_ACTIONS_SHELL: shell },
    });
    expect(stdout.trim().split('\n')).toEqual([
      ...['-File', '$ErrorActionPreference = "stop"', 'make'],
      'if (Test-Path -LiteralPath variable:\\LASTEXITCODE) { exit $LASTEXITCODE }',
    ]);
  });
});

describe('the result of the commands', () => {
  it('has what the command and the finally-command wrote', () => {
    expect(command('bash', 'echo "one=$A" >> "$HYBRID_OUTPUT"').status).toBe(0);
    expect(command('bash', 'echo "two=2" >> "$HYBRID_OUTPUT"', 'Run the finally-command').status).toBe(0);
    expect(resultOf()).toEqual({ one: '1', two: '2' });
  });

  it('has nothing of an earlier job', () => {
    writeFileSync(file('hybrid-output'), 'old=1\n');
    expect(command('bash', 'true').status).toBe(0);
    expect(resultOf()).toEqual({});
  });

  it.each([
    ['an empty file', '', {}],
    ['lines without a last line break', 'a=1\n\nb=x = y', { a: '1', b: 'x = y' }],
    ['lines of Windows', 'a=1\r\nb<<E\r\nx\r\ny\r\nE\r\nc=2\r\n', { a: '1', b: 'x\r\ny', c: '2' }],
    ['a value of several lines', 'a<<END\none\n\n two=\nEND\nb=1\n', { a: 'one\n\n two=', b: '1' }],
    ['an empty value of several lines', 'a<<END\nEND\n', { a: '' }],
    ['a value with <<', 'a=1 << 2\n', { a: '1 << 2' }],
    ['a delimiter with =', 'a<<E=1\nx\nE=1\n', { a: 'x' }],
    ['a name twice', 'a=1\nb=2\na=3\n', { a: '3', b: '2' }],
    ['special characters', 'a="\\ & é 😀 \t\u0001\u007f\n', { a: '"\\ & é 😀 \t\u0001\u007f' }],
  ])('is what GITHUB_OUTPUT would make of %s', (_what, content, expected) => {
    expect(resultOf(content)).toEqual(expected);
  });

  it('has any text unchanged', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 30 })
      .map((value) => value.replaceAll(/[\0\r]/g, ' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (values) => {
        const given = values.map((value) => value.toWellFormed());
        const lines = given.map((value, index) => `n${index}<<--end--\n${value}\n--end--\n`);
        expect(resultOf(lines.join(''))).toEqual(
          Object.fromEntries(given.map((value, i) => [`n${i}`, value])),
        );
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['a line that sets nothing', 'a=1\nnothing\n', /has neither NAME=VALUE nor NAME<<DELIMITER in line 2\.$/],
    [
      'a value without an end',
      'a=1\nb<<END\nx\n',
      /opens a value in line 2, and no later line is the delimiter 'END'/,
    ],
    ['an output without a name', '=1\n', /has an output without a name in line 1/],
    ['a NUL byte', 'a=\0\n', /has more than 256 KiB, or a NUL byte/],
    ['too much text', `a=${'x'.repeat(262_144)}`, /has more than 256 KiB/],
    ['too many outputs', Array.from({ length: 257 }, (_, i) => `n${i}=`).join('\n'), /more than 256 outputs/],
  ])('fails for %s, and says where', (_what, content, message) => {
    expect(resultOf(content)).toMatch(/^::error::The file \$HYBRID_OUTPUT /);
    expect(resultOf(content)).toMatch(message);
  });

  it('fails when the command deleted the file', () => {
    expect(resultOf()).toMatch(/\$HYBRID_OUTPUT is missing/);
  });
});
