import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const core = resolve(import.meta.dirname, '../src/index.ts');

/** Runs a command with the given function body. The parameters are `command(args, say, core)`. */
function call(body: string, args: string[] = ['x'], env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  writeFileSync(
    join(folder, 'command.mjs'),
    `import * as core from '${core}'; export async function command(args, say) { ${body} }`,
  );
  writeFileSync(
    join(folder, 'phase.mjs'),
    "export async function phase(step) { step.log.info('as a step'); }",
  );
  writeFileSync(
    join(folder, 'main.mjs'),
    `process.argv.splice(2, 0, 'store'); const { run } = await import('${core}');
     await run({ store: () => import('./phase.mjs') }, {}, { store: () => import('./command.mjs') });`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, stdout, stderr };
}

const answer = "return { code: 0, lines: ['one', '::error::two'], result: { a: '##[error]' } };";

describe('parseOptions', () => {
  const parse =
    "const parsed = core.parseOptions(args, 'usage: x', { a: { type: 'string', default: 'd' } });";
  const body = `${parse} return { code: 0, lines: [JSON.stringify(parsed)], result: {} };`;

  it('reads the options of a command, and those that all have', () => {
    const { stdout } = call(body, ['b', '-h', '--a', 'c']);
    expect(JSON.parse(stdout)).toMatchObject({
      values: { a: 'c', help: true, json: false },
      positionals: ['b'],
    });
  });

  it('shows the usage for a wrong one', () => {
    expect(call(body, ['--no'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Unknown option '--no'[^]*\n\nusage: x\n$/) as unknown,
    });
  });
});

describe('runCommand', () => {
  it('prints lines for users on standard output, and JSON for programs with --json', () => {
    expect(call(answer)).toEqual({ status: 0, stdout: 'one\n:\u200b:error::two\n', stderr: '' });
    const { stdout } = call(answer, ['--json']);
    expect([stdout.includes('##['), JSON.parse(stdout)]).toEqual([false, { a: '##[error]' }]);
  });

  it('escapes what a terminal obeys, in each line of the answer and in messages', () => {
    const lines = JSON.stringify(['\u001b[31mred\u0007', 'a\nb']);
    const body = `say.info('x\\u001b[2J\\ny'); return { code: 0, lines: ${lines}, result: {} };`;
    expect(call(body)).toEqual({
      ...{ status: 0, stdout: String.raw`\u001b[31mred\u0007` + '\n' + String.raw`a\nb` + '\n' },
      stderr: String.raw`x\u001b[2J` + '\ny\n',
    });
  });

  it.each([
    ['its own exit code', 'return { code: 3, lines: [], result: {} };', 3, /^$/],
    ['a UserError', "throw new core.UserError('No.')", 1, /^No\.\n$/],
    ['wrong usage', "throw new core.CommandFailure(core.exitCodes.usage, 'What?')", 2, /^What\?\n$/],
    [
      'an error of the system',
      "(await import('node:fs')).readFileSync('/no/such')",
      3,
      /^The command failed: ENOENT.*\n$/,
    ],
    [
      'a full disk',
      "(await import('node:fs')).writeFileSync('/dev/full', 'x')",
      3,
      /ENOSPC.*The disk is full\.\n$/,
    ],
    ['an internal error', 'null.broken', 3, /Please report it[^]*TypeError[^]*command\.mjs/],
    [
      'an uncaught rejection',
      "Promise.reject(new Error('stray')); await new Promise(() => setInterval(() => {}, 1000));",
      3,
      /stray/,
    ],
  ])('ends with the right exit code and message for %s', (_name, body, status, stderr) => {
    const said = call(body);
    expect([said.status, said.stdout]).toEqual([status, '']);
    expect(said.stderr).toMatch(stderr);
    expect(said.stderr).not.toContain('::warning');
  });

  it('prints its error as JSON with --json', () => {
    expect(JSON.parse(call("throw new core.UserError('No.')", ['--json']).stdout)).toEqual({
      version: 1,
      error: 'No.',
    });
  });

  it('runs as a step when a job calls it without arguments', () => {
    expect(call(answer, [], { GITHUB_ACTIONS: 'true' }).stdout).toBe('as a step\n');
    expect(call(answer, []).stdout).toMatch(/^one\n/);
    expect(call(answer, ['x'], { GITHUB_ACTIONS: 'true' }).stdout).toMatch(/^one\n/);
  });
});
