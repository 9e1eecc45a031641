// Tests how hybrid-job.yml sets the environment of the command. Runs the script of the workflow itself with bash.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';

const workflow = parse(readFileSync(join(root, '.github/workflows/hybrid-job.yml'), 'utf8')) as {
  jobs: { run: { steps: { id?: string; env?: { RUNNER_ACTIONS_START: string } }[] } };
};
const prepare = workflow.jobs.run.steps.find(({ id }) => id === 'prepare');
const script = prepare?.env?.RUNNER_ACTIONS_START ?? '';
const show = `exec '${process.execPath}' -e 'console.log(JSON.stringify(process.env))'`;

/** Runs the script as the runner does for `shell: bash`. */
function run(
  given: Partial<Record<'env' | 'matrixEnv' | 'secrets' | 'command' | 'token', string>>,
  more = {},
) {
  const answer = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], {
    encoding: 'utf8',
    // If stdin were a socket, bash would read its start-up file.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      RUNNER_ACTIONS_COMMAND: given.command ?? show,
      RUNNER_ACTIONS_ENV: given.env ?? '',
      RUNNER_ACTIONS_MATRIX_ENV: given.matrixEnv ?? '',
      RUNNER_ACTIONS_SECRETS: given.secrets ?? '',
      RUNNER_ACTIONS_TOKEN: given.token ?? '',
      RUNNER_ACTIONS_SHELL: 'bash',
      ...more,
    },
  });
  const lines = answer.stdout.split('\n').filter((line) => line !== '');
  const workflowCommands = lines.filter((line) => line.startsWith('::'));
  const last = lines.at(-1) ?? '';
  const variables = (last.startsWith('{') ? JSON.parse(last) : {}) as Record<string, string>;
  return { status: answer.status, stderr: answer.stderr, workflowCommands, variables };
}

const specialText =
  'a title\nBASH_ENV=/tmp/x\r\n"quoted" \\n $(id) `id` %41 \u0001\u007f é 語 😀 \u2028 \\u0041 \\\\"';

describe('env as JSON', () => {
  it.each([
    ['written by toJSON', JSON.stringify({ TITLE: specialText, BODY: '', _x1: 'y' }, undefined, 2)],
    [
      'with all non-ASCII characters and <>&/ escaped',
      JSON.stringify({ TITLE: specialText, BODY: '', _x1: 'y' }).replaceAll(
        /[^\0-\u007f]|[<>&/]/g,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ],
    [
      'with slashes escaped',
      JSON.stringify({ TITLE: specialText, BODY: '', _x1: 'y' }).replaceAll('/', '\\/'),
    ],
  ])('sets values with special characters exactly: JSON %s', (_form, env) => {
    const { variables, status, stderr } = run({ env });
    expect([status, stderr]).toEqual([0, '']);
    expect(variables).toMatchObject({ TITLE: specialText, BODY: '', _x1: 'y' });
    expect(variables['BASH_ENV']).toBeUndefined();
  });

  it('sets the same variables as JSON.parse for any object of strings', () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/).filter((key) => key !== '_');
    const value = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', ' '));
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { maxKeys: 5 }),
        fc.constantFrom(0, 1, '\t'),
        (given, indent) => {
          const wellFormed = JSON.parse(
            JSON.stringify(given, (_key, text: unknown) =>
              typeof text === 'string' ? text.toWellFormed() : text,
            ),
          ) as object;
          const { variables } = run({ env: JSON.stringify(wellFormed, undefined, indent) });
          expect(variables).toMatchObject(wellFormed);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ...[
      '{"A": 1}',
      '{"A": null}',
      '{"A": {"B": "c"}}',
      '{"A": ["b"]}',
      '{"A" "b"}',
      '{"A": "b",}',
      '{"A": "b"',
      '{',
    ],
    ...[
      '{"A": "b"} C=d',
      '{"A": "b"}\nC=d',
      '{"A": "\\x"}',
      '{"A": "\\u12"}',
      '{"A": "\\u0000"}',
      '{"A": "b"} "',
    ],
    ...['{A: "b"}', '{: "A" "b"}', '{"A": "b" "C": "d"}', '{"A": "b"}{"C": "d"}', '{"A": "b\\"}'],
  ])('rejects JSON that is not an object of strings: %s', (env) => {
    const { status, workflowCommands } = run({ env });
    expect(status).toBe(2);
    expect(workflowCommands).toEqual([
      '::error::The input env is not a JSON object of strings, such as {"KEY": "value"}.',
    ]);
  });

  it('accepts an empty object and an empty input', () => {
    expect([run({ env: '{ }' }), run({})].map(({ status }) => status)).toEqual([0, 0]);
  });

  it('decodes escaped surrogate pairs, and replaces half of a pair with U+FFFD', () => {
    const env =
      '{"A": "\\ud83d\\ude00\\u00e9\\u8a9e", "B": "\\ud83d", "C": "\\ude00x", "D": "\\ud83dx\\ude00", "E": "\\ud83d\\n"}';
    const { variables } = run({ env });
    expect(variables).toMatchObject({
      A: '😀é語',
      B: '\ufffd',
      C: '\ufffdx',
      D: '\ufffdx\ufffd',
      E: '\ufffd\n',
    });
  });

  it('reads values with thousands of quotes, line breaks or escaped characters', () => {
    const wide = Array.from({ length: 8_000 }, (_, index) => String.fromCharCode(0x3400 + index)).join('');
    const long = { QUOTES: '"'.repeat(10_000), LINES: '\\\n'.repeat(5_000), WIDE: wide };
    const escaped = JSON.stringify(long).replaceAll(
      /[^\0-\u007f]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16)}`,
    );
    const { variables, stderr } = run({ env: escaped });
    expect(stderr).toBe('');
    expect(variables).toMatchObject(long);
  });
});

describe('env as lines', () => {
  it('sets one variable per line, with the text after the first = as the value', () => {
    const { variables } = run({ env: 'A=b = c\r\n\nEMPTY=\n' });
    expect(variables).toMatchObject({ A: 'b = c', EMPTY: '' });
  });

  it('rejects a line that is not KEY=VALUE, without printing it', () => {
    const { status, workflowCommands } = run({ env: 'A=b\nsomething secret' });
    expect(status).toBe(2);
    expect(workflowCommands.join()).toMatch(/^::error::The input env has a line that is not KEY=VALUE\. /);
    expect(workflowCommands.join()).not.toContain('something');
  });
});

describe('the name of a variable', () => {
  const forms = (name: string): string[] => [`TITLE=x\n${name}=y`, JSON.stringify({ [name]: 'y' })];

  it.each([
    ...['PATH', 'ENV', 'BASH_ENV', 'BASHOPTS', 'SHELLOPTS', 'IFS', 'PS4', 'LD_PRELOAD', 'LD_LIBRARY_PATH'],
    ...['DYLD_INSERT_LIBRARIES', 'NODE_OPTIONS'],
  ])('%s is rejected as JSON and as a line, because it changes what programs run', (name) => {
    for (const env of forms(name))
      for (const given of [{ env }, { matrixEnv: env }, { secrets: env }]) {
        const { status, workflowCommands } = run(given);
        expect(status).toBe(2);
        expect(workflowCommands.at(-1)).toContain(`sets ${name}, which changes what every program does`);
      }
  });

  it.each(['A B', 'A-B', '1A', '', 'É', 'A[0]', 'BASH_FUNC_x%%', 'x()'])(
    '"%s" is rejected as JSON and as a line, because it is not a valid name',
    (name) => {
      for (const env of forms(name)) expect(run({ env })).toMatchObject({ status: 2, variables: {} });
    },
  );

  it('can be the same as a variable of the script, and then only changes the environment of the command', () => {
    const given = {
      ...{ ra_command: 'touch /tmp/x', ra_assignments: 'x', ra_assignment: 'A=x', ra_text: 'x', LC_ALL: 'C' },
      ...{ RUNNER_ACTIONS_COMMAND: 'exit 9', BASE: 'x', env: 'x', path: 'x', parts: 'x', GITHUB_TOKEN: 't' },
      ...{ ra_words: 'x', words: 'x', word: 'x', file: 'x', RUNNER_TEMP: '/nowhere' },
    };
    for (const env of [
      JSON.stringify(given),
      Object.entries(given)
        .map((pair) => pair.join('='))
        .join('\n'),
    ])
      expect(run({ env })).toMatchObject({ status: 0, stderr: '', variables: given });
  });

  it('is compared without regard to case on Windows', () => {
    expect(run({ env: 'Path=x' }).status).toBe(0);
    expect(run({ env: 'Path=x' }, { RUNNER_OS: 'Windows' }).status).toBe(2);
  });
});

describe('the three sources of env', () => {
  it('have an order: the secret overrides the matrix, which overrides the input', () => {
    const { variables } = run({
      env: '{"A":"1","B":"1","C":"1"}',
      matrixEnv: 'B=2\nC=2',
      secrets: '{"C":"3"}',
    });
    expect(variables).toMatchObject({ A: '1', B: '2', C: '3' });
    for (const name of ['ENV', 'MATRIX_ENV', 'SECRETS', 'COMMAND', 'TOKEN', 'SHELL', 'START'])
      expect(variables[`RUNNER_ACTIONS_${name}`]).toBeUndefined();
  });

  it('override the token of the job, which the command finds only when there is one', () => {
    expect(run({ token: 'job' }).variables).toMatchObject({ GITHUB_TOKEN: 'job' });
    expect(run({ token: 'job', env: 'GITHUB_TOKEN=own' }).variables).toMatchObject({ GITHUB_TOKEN: 'own' });
    expect(run({}).variables['GITHUB_TOKEN']).toBeUndefined();
  });

  it('mask each value of the secret, with the escapes of workflow commands', () => {
    const { workflowCommands } = run({
      env: 'PLAIN=seen',
      secrets: JSON.stringify({ ONE: '100%\nline\r', TWO: '', THREE: 'x' }),
    });
    expect(workflowCommands).toEqual(['::add-mask::100%25%0Aline%0D', '::add-mask::x']);
  });
});
