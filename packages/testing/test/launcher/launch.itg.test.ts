import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProcessesByTrackingId, launchJob } from '../../src/index.ts';
import { makeAction } from './fixture.ts';

describe('launchJob', () => {
  it('returns the outputs of main and drops those of the post, as GitHub does', async () => {
    const action = makeAction({
      main: "set('GITHUB_OUTPUT', 'kept', 'two\\nlines')",
      post: "set('GITHUB_OUTPUT', 'dropped', 'x'); console.log('post ran')",
    });
    const { steps, posts } = await launchJob({ steps: [{ action }] });
    expect(steps[0]?.outputs).toEqual({ kept: 'two\nlines' });
    expect(posts[0]?.stdout).toContain('post ran');
    expect(posts[0]?.outputs).toEqual({});
  });

  it('throws if an action sets an output that its action.yml does not declare', async () => {
    const outputs = '  x:\n    default: y\noutputs:\n  declared:\n    description: d\n';
    const make = (name: string) => makeAction({ main: `set('GITHUB_OUTPUT', '${name}', '1')` }, outputs);
    const { steps } = await launchJob({ steps: [{ action: make('declared') }] });
    expect(steps[0]?.outputs).toEqual({ declared: '1' });
    await expect(launchJob({ steps: [{ action: make('other') }] })).rejects.toThrow(
      "sets the output 'other'",
    );
  });

  it('compares an output of an earlier step in a condition, ignores case, and skips the step after a failure', async () => {
    const action = makeAction({ main: "set('GITHUB_OUTPUT', 'hit', 'True')" });
    const stepIf = (condition: string) => ({ run: ['true'], if: condition });
    const is = stepIf("steps.a.outputs.hit == 'true'");
    const isNot = stepIf("steps.a.outputs.hit != 'true'");
    const { steps } = await launchJob({ steps: [{ action, id: 'a' }, is, isNot, { run: ['false'] }, is] });
    expect(steps.map(({ outcome }) => outcome)).toEqual([
      ...['success', 'success', 'skipped', 'failure', 'skipped'],
    ]);
    await expect(launchJob({ steps: [stepIf("a == 'b' || true")] })).rejects.toThrow('cannot evaluate');
  });

  it('names the owner of its own simulator in the payload, and no owner with another GITHUB_API_URL', async () => {
    const run = ['/bin/sh', '-c', 'cat "$GITHUB_EVENT_PATH"'];
    const ownerIn = async (env: Record<string, string>): Promise<unknown> => {
      const { steps } = await launchJob({ steps: [{ run }], repository: 'acme/app', env });
      return (JSON.parse(steps[0]?.stdout ?? '') as { repository: { owner?: unknown } }).repository.owner;
    };
    expect(await ownerIn({})).toEqual({ login: 'acme', type: 'Organization' });
    expect(await ownerIn({ GITHUB_API_URL: 'http://127.0.0.1:9' })).toBeUndefined();
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

  it('evaluates inputs again for the post, so that the post gets the current job.status', async () => {
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

  it('evaluates toJSON of a context, with the outputs of the steps so far, and names in any case', async () => {
    const action = makeAction({ main: 'set("GITHUB_OUTPUT", "cache-hit", "true")' });
    const print = makeAction({ main: 'console.log(process.env["INPUT_JSON"])' });
    const { steps, outputs } = await launchJob({
      outputs: { 'in-other-case': '${{ Steps.ONE.outputs.Cache-Hit }}' },
      steps: [
        { id: 'one', action },
        { action: print, with: { json: '${{ toJSON(steps) }}' } },
      ],
    });
    const one = { outputs: { 'cache-hit': 'true' }, outcome: 'success', conclusion: 'success' };
    expect(JSON.parse(steps[1]?.stdout ?? '')).toEqual({ one });
    expect(outputs).toEqual({ 'in-other-case': 'true' });
  });

  it('passes outputs, GITHUB_ENV and GITHUB_PATH to later steps, and hides ACTIONS_RUNTIME_TOKEN from run steps', async () => {
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

  it('skips later steps after a failure, and still runs the posts of actions that had started', async () => {
    const action = makeAction({ main: '', post: 'console.log("cleaned")' });
    const { steps, posts } = await launchJob({ steps: [{ action }, { run: ['false'] }, { action }] });
    expect(steps.map((step) => step.outcome)).toEqual(['success', 'failure', 'skipped']);
    expect(posts.map((post) => post.stdout.trim())).toEqual(['cleaned']);
  });

  it('interrupts the running step on a cancel, skips later steps, and runs the posts with status cancelled', async () => {
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

  it('kills processes that the job leaves running, which it finds by their tracking id', async () => {
    // While a process starts a program, its environment is not visible for a moment. So this process starts none: it
    // waits until it can open the pipe.
    const script = 'mkfifo "$RUNNER_TEMP/pipe"; (: < "$RUNNER_TEMP/pipe") >/dev/null 2>&1 & echo started';
    const { orphans, env } = await launchJob({ steps: [{ run: ['/bin/sh', '-c', script] }] });
    expect(orphans).toHaveLength(1);
    await expect.poll(() => findProcessesByTrackingId(env['RUNNER_TRACKING_ID'] ?? '')).toEqual([]);
  });

  it('returns at most ten annotations per level, with file, line and column', async () => {
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
  [[makeAction({ main: '' }), 'labels'], 2, /^'labels' does not have the form input=value\.\nUsage: /],
])('launcher command line prints its usage for the arguments %j', (args, status, text) => {
  const cli = resolve(import.meta.dirname, '../../src/launcher/cli.ts');
  const result = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  expect(result.status).toBe(status);
  expect(result.stdout + result.stderr).toMatch(text);
});
