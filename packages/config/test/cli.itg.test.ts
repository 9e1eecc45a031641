import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const script = resolve(import.meta.dirname, '../cli/check.ts');

function check(files: Record<string, string>, ...args: string[]) {
  const root = mkdtempSync(join(tmpdir(), 'repository-'));
  mkdirSync(join(root, '.git'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const env = { PATH: process.env['PATH'], INIT_CWD: root };
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', cwd: '/', env });
}

const path = '.github/runner-config.yml';

describe('config:check', () => {
  it('reports a valid file with the number of files and its environments', () => {
    const { status, stdout } = check(
      { [path]: 'extends: ../base.yml\nenvironments: { a: {} }\n', 'base.yml': 'trust: MEMBER\n' },
      path,
    );
    expect([status, stdout]).toEqual([0, `${path}: good (2 files, environments a)\n`]);
  });

  it('prints the effective configuration of an environment with the origin of each value', () => {
    const text = 'metrics:\n  interval: 2s\nenvironments:\n  a:\n    metrics: { interval: 9s }\n';
    const { stdout } = check({ [path]: text }, path, '--print', '--environment', 'a');
    expect(stdout).toBe(`metrics:\n  interval: 9s # ${path}:5\n\n`);
  });

  it('prints file, line and column of each mistake, and exits with 1', () => {
    const { status, stderr } = check({ [path]: 'metrics:\n  interval: fast\ncach: {}\n' }, path);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^\.github\/runner-config\.yml:2:13: metrics\.interval: found 'fast', expected a duration from 500ms to 10m\.$/m,
    );
    expect(stderr).toMatch(/^\.github\/runner-config\.yml:3:1: found 'cach', .* Did you mean 'cache'\?$/m);
  });

  it('reports a file that does not exist or cannot be fetched as a mistake', () => {
    expect(check({}, 'none.yml')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/none\.yml:1:1: .*there is no such file/) as unknown,
    });
    const remote = check({ [path]: 'extends: org/.github:base.yml@main\n' }, path);
    expect(remote).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no token was given.*'contents: read' on org\/\.github/) as unknown,
    });
  });

  it('warns of pools that may share machines, also in an environment, and exits with 0', () => {
    const text =
      'pools:\n  a: { runs-on: [mine, a] }\n  b: { runs-on: [mine, b] }\nenvironments:\n  e:\n    pools: { a: { runs-on: mine } }\n';
    const { status, stdout, stderr } = check({ [path]: text }, path);
    expect([status, stdout]).toEqual([0, `${path}: good (1 file, environments e)\n`]);
    expect(stderr).toMatch(
      /^\.github\/runner-config\.yml:6:28: warning: pools\.a: runners of the pool 'b' .*\n$/,
    );
  });

  it('prints its usage and exits with 0 for --help', () => {
    const { status, stdout, stderr } = check({}, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^usage: runner-actions config check/);
  });

  it('prints its usage and exits with 2 for wrong arguments', () => {
    expect(check({})).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^usage: runner-actions config check/) as unknown,
    });
    expect(check({}, '--prnt', path)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^Unknown option '--prnt'[^]*usage: runner-actions config check/,
      ) as unknown,
    });
  });
});
