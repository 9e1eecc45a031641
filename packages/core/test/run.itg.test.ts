import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JobResult, launchJob } from '../../testing/src/index.ts';

const core = resolve(import.meta.dirname, '../src/index.ts');

/** Runs an action whose phases have the given function bodies. The parameters are `phase(step, core)`. */
function runPhases(main: string, post = '', safeAnswer = '', limit = 120_000): Promise<JobResult> {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  mkdirSync(join(folder, 'dist'));
  const write = (name: string, text: string) => writeFileSync(join(folder, 'dist', name), text);
  const module = (body: string) => `import * as core from '${core}';
    export async function phase(step) { ${body} }
    ${safeAnswer === '' ? '' : `export function safeAnswer(step, fault) { ${safeAnswer} }`}`;
  write('main-phase.mjs', module(main));
  write('post-phase.mjs', module(post));
  write(
    'index.mjs',
    `import { run } from '${core}';
    await run({ main: () => import('./main-phase.mjs'), post: () => import('./post-phase.mjs') }, { main: ${limit}, post: ${limit} });`,
  );
  write('main.mjs', "process.argv[2] = 'main'; await import('./index.mjs');");
  write('post.mjs', "process.argv[2] = 'post'; await import('./index.mjs');");
  writeFileSync(
    join(folder, 'action.yml'),
    'name: t\ninputs:\n  token:\n    default: hush-hush\nruns:\n  using: node24\n  main: dist/main.mjs\n  post: dist/post.mjs\n',
  );
  return launchJob({ steps: [{ action: folder }] });
}

describe('run', () => {
  it('passes the state of the main phase to the post phase, and sets outputs', async () => {
    const { steps, posts } = await runPhases(
      "step.outputs.set('a', 'x\\ny'); step.state.save({ list: [1] });",
      'step.log.info(JSON.stringify(step.state.load()));',
    );
    expect(steps[0]).toMatchObject({ exitCode: 0, outputs: { a: 'x\ny' } });
    expect(posts[0]?.stdout).toContain('{"list":[1]}');
  });

  it('does nothing in the post phase when the main phase saved no state', async () => {
    const { posts, conclusion } = await runPhases('', "throw new core.UserError('x', { strict: true })");
    expect([posts[0]?.exitCode, posts[0]?.annotations, conclusion]).toEqual([0, [], 'success']);
  });

  it('says that the folder of the action is incomplete when one of its files is missing', async () => {
    const { steps, conclusion } = await runPhases("await import('./chunks/missing.mjs')");
    expect(conclusion).toBe('success');
    expect(steps[0]?.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/folder is incomplete: .*missing\.mjs.*dist\/chunks/),
      },
    ]);
  });

  it('warns about anything that is thrown, even if it is not an error', async () => {
    const { steps, conclusion } = await runPhases('throw undefined');
    expect(conclusion).toBe('success');
    expect(steps[0]?.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('undefined') },
    ]);
  });

  it('fails the main phase for a UserError, and shows its place but no stack', async () => {
    const { steps } = await runPhases(
      "throw new core.UserError('Input x is wrong.', { file: 'f.yml', line: 3, column: 2 })",
    );
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations).toEqual([
      { level: 'error', message: 'Input x is wrong.', file: 'f.yml', line: 3, column: 2 },
    ]);
    expect(steps[0]?.stdout).not.toContain('    at ');
  });

  it('succeeds after an internal error, warns with the stack, and gives the safe answer', async () => {
    const { steps, conclusion } = await runPhases('null.broken', '', "step.outputs.set('runs-on', 'hosted')");
    expect(conclusion).toBe('success');
    expect(steps[0]?.outputs).toEqual({ 'runs-on': 'hosted' });
    expect(steps[0]?.annotations[0]).toMatchObject({ level: 'warning' });
    expect(steps[0]?.annotations[0]?.message).toMatch(/Please report[^]*TypeError[^]*main-phase.mjs/);
  });

  it('runs no workflow command that a warning of Node quotes', async () => {
    const { steps } = await runPhases(
      "process.emitWarning('x\\n::error::from an outsider'); await new Promise(setImmediate); step.log.info('done')",
    );
    expect(steps[0]).toMatchObject({ outcome: 'success', annotations: [], log: 'done' });
  });

  it('gives the safe answer when a phase never ends', async () => {
    const { steps } = await runPhases(
      'await new Promise(() => undefined)',
      '',
      "step.outputs.set('safe', 1)",
      300,
    );
    expect(steps[0]).toMatchObject({ exitCode: 0, outputs: { safe: '1' } });
    expect(steps[0]?.annotations[0]?.message).toContain('the deadline of 300 ms passed');
  });

  it('gives the safe answer after an uncaught rejection, and ends although handles are open', async () => {
    const { steps } = await runPhases(
      "setInterval(() => {}, 1000); Promise.reject(new Error('stray')); await new Promise(() => undefined)",
      '',
      "step.outputs.set('safe', 1)",
    );
    expect(steps[0]).toMatchObject({ exitCode: 0, outputs: { safe: '1' } });
  });

  it('fails when the safe answer throws a UserError', async () => {
    const { steps } = await runPhases('null.broken', '', "throw new core.UserError('strict')");
    expect(steps[0]?.exitCode).toBe(1);
  });

  it('fails the job from the post phase only for a strict UserError', async () => {
    const warned = await runPhases('step.state.save({})', "throw new core.UserError('residue')");
    expect(warned.conclusion).toBe('success');
    expect(warned.posts[0]?.annotations[0]).toMatchObject({ level: 'warning', message: 'residue' });
    const strict = await runPhases(
      'step.state.save({})',
      "throw new core.UserError('residue', { strict: true })",
    );
    expect(strict.conclusion).toBe('failure');
  });

  it('keeps secrets out of the state, the summary, annotations and the log', async () => {
    const { steps } = await runPhases(`
      const secret = step.inputs.secret('token');
      step.log.info('log ' + secret); step.summary.add('summary ' + secret); step.annotate('notice', 'note ' + secret);
      step.state.save({ secret });`);
    expect(steps[0]?.stdout.replaceAll(/::add-mask::.*/g, '')).not.toContain('hush-hush');
    expect(steps[0]?.summary).toBe('summary ***\n');
    expect(JSON.stringify(steps[0]?.state)).not.toContain('hush-hush');
    expect(steps[0]?.annotations.at(-1)?.message).toContain('would contain a secret');
  });

  it('flushes a megabyte of output before it ends', async () => {
    const { steps } = await runPhases("step.log.info('x'.repeat(1_000_000) + 'end')");
    expect(steps[0]?.stdout).toHaveLength(1_000_004);
  });
});
