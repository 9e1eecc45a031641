import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { findProcessesByTrackingId } from '@runner-actions/testing';

const command = join(root, 'dist-check/try/cli.ts');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'try-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Returns what runs left. npm and Node leave caches of their own next to it. */
function leftovers(): string[] {
  return readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('runner-actions-try-'));
}

/** Tries the workflow of the repository `app`. */
function tryApp(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'app', ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder, TMPDIR: join(folder, 'tmp') },
  });
  return { status, text: `${stdout}${stderr}`, lines: stdout.split('\n') };
}

const hybrid = `name: CI
on: push
permissions: {}
jobs:
  test:
    permissions: { actions: read, contents: read }
    uses: acme/runner-actions/.github/workflows/hybrid-job.yml@v3
    with: { labels: 'self-hosted, linux', command: 'cat data.txt > read.txt; cat read.txt; echo "home $HOME"' }
    secrets: { runner-token: '\${{ secrets.RUNNER_TOKEN }}' }
  pick:
    runs-on: ubuntu-latest
    permissions: { actions: read, contents: read }
    outputs: { on: '\${{ steps.select.outputs.runs-on }}' }
    steps:
      - id: select
        uses: org/runner-actions/select-runner@v1
        with: { labels: 'self-hosted, linux', runner-token: '\${{ secrets.RUNNER_TOKEN }}' }
  build:
    needs: pick
    runs-on: \${{ fromJSON(needs.pick.outputs.on) }}
    steps:
      - uses: actions/checkout@v4
      - run: cat data.txt; echo "\${{ secrets.PASSWORD }}"; echo built > out.txt
      - uses: actions/upload-artifact@v4
        with: { name: out, path: '*.txt' }
  use:
    needs: build
    runs-on: \${{ matrix.os }}
    strategy: { matrix: { os: [ubuntu-latest, windows-latest] } }
    steps:
      - uses: actions/download-artifact@v4
        with: { name: out }
      - run: cat out.txt
`;

describe('npm run try', () => {
  beforeEach(() => mkdirSync(join(folder, 'tmp')));

  it('runs hybrid jobs, selections and matrices, and says where each job goes', () => {
    write({
      'app/.github/workflows/ci.yml': hybrid,
      'app/data.txt': 'from the folder\n',
      'world.yml': 'secrets: { PASSWORD: hush, RUNNER_TOKEN: ghp_may_list_runners }',
    });
    const before = readdirSync(join(folder, 'app'), { recursive: true });
    const { status, text, lines } = tryApp('--world', 'world.yml');
    expect(text).toContain('test/Hybrid job/Run |   from the folder');
    expect(text).toMatch(/build \| {3}from the folder\nbuild \| {3}\*\*\*/);
    expect(text).toContain('use |   built');
    expect(text).not.toContain('hush');
    expect(text).toMatch(new RegExp(`home ${join(folder, 'tmp')}/runner-actions-try-\\w+/home`));
    for (const row of [
      /^test\/Hybrid job\/Select +hosted ubuntu-latest +success$/,
      /^test\/Hybrid job\/Run +a free runner: self-hosted, linux +success$/,
      /^build +a free runner: self-hosted, linux +success$/,
      /^use \(ubuntu-latest\) +hosted ubuntu-latest +success$/,
      /^use \(windows-latest\) +hosted windows-latest +not tried/,
    ])
      expect(lines).toContainEqual(expect.stringMatching(row));
    // Nothing failed, but one cell needs Windows.
    expect(status).toBe(3);
    expect(readdirSync(join(folder, 'app'), { recursive: true })).toEqual(before);
    expect(leftovers()).toEqual([]);
  });

  it('goes to the fallback if the world has no free runner', () => {
    write({
      'app/.github/workflows/ci.yml': hybrid,
      'app/data.txt': 'x',
      'world.yml': 'runners: [{ labels: [self-hosted, linux], busy: true }]',
    });
    const { status, lines } = tryApp('--world', 'world.yml', '--job', 'test');
    expect(lines).toContainEqual(
      expect.stringMatching(/^test\/Hybrid job\/Run +hosted ubuntu-latest +success$/),
    );
    expect(status).toBe(0);
  });

  it('is red for a step that fails, and for a job that no runner can take', () => {
    write({
      'app/.github/workflows/ci.yml':
        'on: push\njobs:\n  bad: { runs-on: ubuntu-latest, steps: [{ name: Build, run: exit 3 }] }\n  gpu: { runs-on: gpu, steps: [{ run: id }] }',
    });
    const { status, lines } = tryApp();
    expect(lines).toContainEqual(expect.stringMatching(/^bad +hosted ubuntu-latest +failure +Build$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^gpu +no runner has all of these labels: gpu +would wait/),
    );
    expect(status).toBe(1);
  });

  it('is red for a workflow that GitHub would reject, with the line', () => {
    write({ 'app/.github/workflows/ci.yml': hybrid.replace('labels:', 'label:') });
    expect(tryApp()).toMatchObject({
      status: 1,
      text: expect.stringContaining("ci.yml:8: job test: the input 'label'"),
    });
    write({
      'app/.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    need: b\n    runs-on: x\n    steps: [{ run: id }]',
    });
    expect(tryApp()).toMatchObject({
      status: 1,
      text: expect.stringContaining('Line: 4 Column 5: Unknown Property need'),
    });
  });

  it('does not read the files of act in the repository', () => {
    write({
      'app/.github/workflows/ci.yml':
        'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: \'echo "<$FROM_FILE>"\' }] } }',
      'app/.env': 'FROM_FILE=act',
      'app/.actrc': '--job none',
    });
    expect(tryApp()).toMatchObject({ status: 0, text: expect.stringContaining('a |   <>') });
  });

  it('ends everything on an interrupt, and runs what always runs', async () => {
    write({
      'app/.github/workflows/ci.yml':
        'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: \'sleep 600 & echo "id $RUNNER_TRACKING_ID"; sleep 601\' }, { if: always(), run: echo finally }] } }',
    });
    const child = spawn(process.execPath, [command, 'app'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, INIT_CWD: folder, TMPDIR: join(folder, 'tmp') },
    });
    let text = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      text += String(chunk);
      if (/ {3}id \S+/.test(text) && child.exitCode === null && !child.killed) child.kill('SIGINT');
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(130);
    expect(text).toMatch(/a \| {3}finally[^]*Interrupted\. Everything has ended\./);
    expect(findProcessesByTrackingId(/id (\S+)/.exec(text)?.[1] ?? '')).toEqual([]);
    expect(leftovers()).toEqual([]);
  });
});
