import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchJob } from '../../src/index.ts';
import { makeAction } from './fixture.ts';

describe('a step that the runner stops', () => {
  it('is not interrupted by a cancel if its condition holds for a cancelled job', async () => {
    const controller = new AbortController();
    const wait = "await new Promise((done) => setTimeout(done, 100)); console.log('finished')";
    const { steps, conclusion } = await launchJob({
      steps: [
        { action: makeAction({ main: wait }), if: 'always()' },
        { run: ['true'] },
        { run: ['true'], if: 'cancelled()' },
      ],
      cancel: controller.signal,
      onStart: () => controller.abort(),
    });
    expect(steps.map(({ outcome }) => outcome)).toEqual(['success', 'skipped', 'success']);
    expect(steps[0]?.stdout).toBe('finished\n');
    expect(conclusion).toBe('cancelled');
  });

  it('counts as cancelled after a cancel, even if it exits with code 0', async () => {
    const controller = new AbortController();
    const ready = join(mkdtempSync(join(tmpdir(), 'ready-')), 'ready');
    const main = `process.on('SIGINT', () => process.exit(0)); appendFileSync('${ready}', ''); setInterval(() => {}, 1000)`;
    const post = 'console.log(process.env["INPUT_JOB-STATUS"])';
    const action = makeAction({ main, post }, '  job-status:\n    default: ${{ job.status }}\n');
    const running = launchJob({ steps: [{ action }], cancel: controller.signal });
    await expect.poll(() => existsSync(ready)).toBe(true);
    controller.abort();
    const { steps, posts } = await running;
    expect(steps[0]?.outcome).toBe('cancelled');
    expect(posts[0]?.stdout).toBe('cancelled\n');
  });

  it('fails with exit code 130 when timeoutMinutes is over', async () => {
    const { steps, conclusion } = await launchJob({
      steps: [{ run: ['sleep', '60'], timeoutMinutes: 0.002 }],
    });
    expect(steps[0]).toMatchObject({ outcome: 'failure', exitCode: 130 });
    expect(steps[0]?.annotations.at(-1)?.message).toBe('The action has timed out after 0.002 minutes.');
    expect(conclusion).toBe('failure');
  });

  it('fails when a command in its output cannot be executed', async () => {
    const action = makeAction({ main: "console.error('found x##[add-path]/evil')", post: '' });
    const { steps, conclusion } = await launchJob({ steps: [{ action }] });
    expect(steps[0]).toMatchObject({ outcome: 'failure', exitCode: 0 });
    expect(conclusion).toBe('failure');
  });
});

describe('a job', () => {
  it('is killed with its running post when cancelTimeout is over after a cancel', async () => {
    const controller = new AbortController();
    const first = makeAction({ main: '', post: "console.log('never')" });
    const second = makeAction({
      main: '',
      post: "process.on('SIGINT', () => {}); setInterval(() => {}, 1000)",
    });
    const job = await launchJob({
      steps: [{ action: first }, { action: second }],
      outputs: { kept: 'no' },
      cancel: controller.signal,
      cancelTimeout: 300,
      onStart: ({ phase }) => phase === 'post' && controller.abort(),
    });
    expect(job).toMatchObject({ workerKilled: true, conclusion: 'cancelled', outputs: {} });
    expect(job.orphans).toHaveLength(1);
    expect(job.posts).toHaveLength(1);
  });

  it('drops outputs that are empty or contain a secret', async () => {
    const action = makeAction({
      main: `for (const [name, value] of [['plain', 'x'], ['empty', ''], ['secret', 'a hush b'], ['masked', 'by-step']])
        set('GITHUB_OUTPUT', name, value); console.log('::add-mask::by-step')`,
    });
    const names = ['plain', 'empty', 'secret', 'masked', 'unknown'];
    const outputs = Object.fromEntries(names.map((name) => [name, `\${{ steps.s.outputs.${name} }}`]));
    const job = await launchJob({ steps: [{ action, id: 's' }], outputs, secrets: ['hush'] });
    expect(job.outputs).toEqual({ plain: 'x' });
    expect(job.annotations.map(({ message }) => message)).toEqual([
      "Skip output 'secret' since it may contain secret.",
      "Skip output 'masked' since it may contain secret.",
    ]);
  });

  it('starts with an empty _temp folder', async () => {
    const write = { run: ['/bin/sh', '-c', 'ls "$RUNNER_TEMP"; touch "$RUNNER_TEMP/left"'] };
    const { directory } = await launchJob({ steps: [write] });
    const again = await launchJob({ directory, steps: [write] });
    expect(again.steps[0]?.stdout).not.toContain('left');
  });
});
