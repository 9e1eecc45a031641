import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOrphans, launchJob } from '../../src/index.ts';
import { makeAction } from './fixture.ts';

describe('launchJob', () => {
  it('gives outputs of main and drops what post sets, as GitHub does', async () => {
    const action = makeAction({
      main: "set('GITHUB_OUTPUT', 'kept', 'two\\nlines')",
      post: "set('GITHUB_OUTPUT', 'dropped', 'x'); console.log('post ran')",
    });
    const { steps, posts } = await launchJob({ steps: [{ action }] });
    expect(steps[0]?.outputs).toEqual({ kept: 'two\nlines' });
    expect(posts[0]?.stdout).toContain('post ran');
    expect(posts[0]?.outputs).toEqual({});
  });

  it('ends the test where an action that declares outputs sets another one', async () => {
    const outputs = '  x:\n    default: y\noutputs:\n  declared:\n    description: d\n';
    const make = (name: string) => makeAction({ main: `set('GITHUB_OUTPUT', '${name}', '1')` }, outputs);
    const { steps } = await launchJob({ steps: [{ action: make('declared') }] });
    expect(steps[0]?.outputs).toEqual({ declared: '1' });
    await expect(launchJob({ steps: [{ action: make('other') }] })).rejects.toThrow(
      "sets the output 'other'",
    );
  });

  it('runs a step or not by what an earlier step put out, in whatever case, and not after a failure', async () => {
    const action = makeAction({ main: "set('GITHUB_OUTPUT', 'hit', 'True')" });
    const ask = (condition: string) => ({ run: ['true'], if: condition });
    const is = ask("steps.a.outputs.hit == 'true'");
    const isNot = ask("steps.a.outputs.hit != 'true'");
    const { steps } = await launchJob({ steps: [{ action, id: 'a' }, is, isNot, { run: ['false'] }, is] });
    expect(steps.map(({ outcome }) => outcome)).toEqual([
      ...['success', 'success', 'skipped', 'failure', 'skipped'],
    ]);
    await expect(launchJob({ steps: [ask("a == 'b' || true")] })).rejects.toThrow('cannot evaluate');
  });

  it('runs posts last in, first out, and hands each its own state', async () => {
    const make = (name: string) =>
      makeAction({
        main: `set('GITHUB_STATE', 'name', '${name}')`,
        post: 'console.log("post of " + process.env.STATE_name)',
      });
    const { posts } = await launchJob({ steps: [{ action: make('first') }, { action: make('second') }] });
    expect(posts.map((post) => post.stdout.trim())).toEqual(['post of second', 'post of first']);
  });

  it('evaluates inputs again for post, so that post sees how the job went', async () => {
    const script = 'console.log("status " + process.env["INPUT_JOB-STATUS"])';
    const action = makeAction(
      { main: script, post: script },
      '  job-status:\n    default: ${{ job.status }}\n',
    );
    const { steps, posts, conclusion } = await launchJob({ steps: [{ action }, { run: ['false'] }] });
    expect(steps[0]?.stdout).toContain('status success');
    expect(posts[0]?.stdout).toContain('status failure');
    expect(conclusion).toBe('failure');
  });

  it('passes outputs on, adds GITHUB_ENV and GITHUB_PATH to later steps, and keeps services from run steps', async () => {
    const first = makeAction({
      main: `set('GITHUB_OUTPUT', 'key', 'value'); set('GITHUB_ENV', 'COLOUR', 'blue');
        appendFileSync(process.env.GITHUB_PATH, '/first/on/path\\n')`,
    });
    const second = makeAction(
      { main: 'console.log(process.env.INPUT_GIVEN)' },
      '  given:\n    required: true\n',
    );
    const { steps } = await launchJob({
      env: { ACTIONS_RUNTIME_TOKEN: 'token' },
      steps: [
        { action: first, id: 'first' },
        { action: second, with: { given: 'got ${{ steps.first.outputs.key }}' } },
        { run: ['/bin/sh', '-c', 'echo "$COLOUR ${PATH%%:*} [$ACTIONS_RUNTIME_TOKEN]"'] },
      ],
    });
    expect(steps[1]?.stdout.trim()).toBe('got value');
    expect(steps[2]?.stdout.trim()).toBe('blue /first/on/path []');
  });

  it('skips later steps after a failure and still runs the posts of what had started', async () => {
    const action = makeAction({ main: '', post: 'console.log("cleaned")' });
    const { steps, posts } = await launchJob({ steps: [{ action }, { run: ['false'] }, { action }] });
    expect(steps.map((step) => step.outcome)).toEqual(['success', 'failure', 'skipped']);
    expect(posts.map((post) => post.stdout.trim())).toEqual(['cleaned']);
  });

  it('cancels: the running step is interrupted, the rest is skipped, posts run with the status', async () => {
    const controller = new AbortController();
    const action = makeAction(
      { main: '', post: 'console.log(process.env["INPUT_JOB-STATUS"])' },
      '  job-status:\n    default: ${{ job.status }}\n',
    );
    const { steps, posts } = await launchJob({
      steps: [{ action }, { run: ['sleep', '60'] }, { run: ['true'] }],
      cancel: controller.signal,
      onStart: ({ phase }) => phase === 'run' && controller.abort(),
    });
    expect(steps.map((step) => step.outcome)).toEqual(['success', 'cancelled', 'skipped']);
    expect(posts[0]?.stdout.trim()).toBe('cancelled');
  });

  it('kills what the job leaves behind by its tracking id', async () => {
    // A process that starts a program shows no environment for a moment, so this one starts none: it waits to open the pipe.
    const script = 'mkfifo "$RUNNER_TEMP/pipe"; (: < "$RUNNER_TEMP/pipe") >/dev/null 2>&1 & echo started';
    const { orphans, env } = await launchJob({ steps: [{ run: ['/bin/sh', '-c', script] }] });
    expect(orphans).toHaveLength(1);
    await expect.poll(() => findOrphans(env['RUNNER_TRACKING_ID'] ?? '')).toEqual([]);
  });

  it('shows ten annotations of a level, with their places', async () => {
    const action = makeAction({
      main: 'for (let n = 1; n <= 12; n++) console.log(`::error file=a%2Cb.yml,line=${n},col=2,title=T::bad%0Aworse`)',
    });
    const { steps } = await launchJob({ steps: [{ action }] });
    expect(steps[0]?.annotations).toHaveLength(10);
    expect(steps[0]?.annotations[9]).toEqual({
      level: 'error',
      message: 'bad\nworse',
      title: 'T',
      file: 'a,b.yml',
      line: 10,
      column: 2,
    });
  });
});

it.each([
  [['--help'], 0, /^Usage: /],
  [['nowhere'], 2, /^nowhere has no action\.yml\.\nUsage: /],
  [[makeAction({ main: '' }), 'labels'], 2, /^'labels' is not input=value\.\nUsage: /],
])('says how it is called by hand: %j', (args, status, text) => {
  const cli = resolve(import.meta.dirname, '../../src/launcher/cli.ts');
  const said = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  expect(said.status).toBe(status);
  expect(said.stdout + said.stderr).toMatch(text);
});
