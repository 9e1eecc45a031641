import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'use-'));
  mkdirSync(join(folder, 'app/.github/workflows'), { recursive: true });
  const workflow = 'on: push\njobs: { a: { runs-on: [self-hosted, gpu], steps: [{ run: "true" }] } }';
  writeFileSync(join(folder, 'app/.github/workflows/ci.yml'), workflow);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command on a machine without Go and act, from the folder above the repository. */
function start(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist-check/try/cli.ts'), ...args],
    {
      encoding: 'utf8',
      env: {
        PATH: join(folder, 'empty'),
        XDG_CACHE_HOME: join(folder, 'cache'),
        INIT_CWD: folder,
        TMPDIR: folder,
      },
    },
  );
  return { status, stdout, stderr };
}

describe('npm run try', () => {
  it('exits with 2 and says how to install act if it is missing', () => {
    const { status, stderr } = start('app');
    expect(stderr).toContain(
      'act needs Go (go install github.com/nektos/act@v0.2.89). Install Go (https://go.dev/dl)',
    );
    expect(status).toBe(2);
    expect(readdirSync(folder).filter((name) => name.startsWith('runner-actions-try-'))).toEqual([]);
  });

  it('prints a world for the labels of the workflow, without act', () => {
    const { status, stdout } = start('app', '--print-world');
    expect(stdout).toMatch(/runners:\n {2}- labels:\n {6}- self-hosted\n {6}- gpu\n/);
    expect(status).toBe(0);
  });

  it('exits with 2 for a world that cannot be used', () => {
    writeFileSync(join(folder, 'world.yml'), 'runner: []');
    const { status, stderr } = start('app', '--world', 'world.yml');
    expect(stderr).toContain("world.yml:1:1: found 'runner', expected one of repository, owner, runners");
    expect(status).toBe(2);
    expect(start('app', '--world', 'none.yml').stderr).toContain('none.yml cannot be read');
  });

  it('exits with 2 for a folder without workflows, or no folder', () => {
    expect(start('.')).toMatchObject({ status: 2, stderr: expect.stringContaining('has no workflow') });
    expect(start('none')).toMatchObject({ status: 2, stderr: expect.stringContaining('none is no folder') });
    const file = 'app/.github/workflows/ci.yml';
    expect(start(file)).toMatchObject({ status: 2, stderr: expect.stringContaining('ci.yml is no folder') });
    expect(start('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npm run try -- FOLDER'),
    });
  });

  it('exits with 1 for a workflow that is not YAML', () => {
    writeFileSync(join(folder, 'app/.github/workflows/ci.yml'), 'on: push\njobs: [');
    expect(start('app')).toMatchObject({ status: 1, stderr: expect.stringContaining('ci.yml:2:') });
  });
});
