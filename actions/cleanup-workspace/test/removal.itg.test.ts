import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { killAtFsCall, launchJob, patchNodeModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const shell = (script: string) => ({ run: ['/bin/sh', '-c', script] as [string, ...string[]] });
const trashOf = (workspace: string) => join(dirname(dirname(workspace)), '.trash');
/** Patches `node:fs` only in the action's own process, or only in its helper. */
const inProcess = (which: 'post' | 'file-helper/index', code: string) =>
  patchNodeModule('node:fs', `if (process.argv[1]?.endsWith('/${which}.js')) {${code}}`);

describe('cleanup-workspace and its helper process', () => {
  it('shows what is added to the workspace during the clean-up, and fails with strict', async () => {
    const env = inProcess(
      'file-helper/index',
      `const { rmdirSync, writeFileSync } = module;
       module.rmdirSync = (path) => { writeFileSync(process.env.GITHUB_WORKSPACE + '/late', ''); return rmdirSync(path); };`,
    );
    const job = await launchJob({ steps: [{ action }, shell('mkdir d')], env });
    expect(job.conclusion).toBe('success');
    expect(readdirSync(job.workspace)).toEqual(['late']);
    expect(job.posts[0]?.summary).toMatch(/late.*added during the clean\\-up: a process or a container/);
    const strict = await launchJob({ steps: [{ action, with: { strict: 'true' } }, shell('mkdir d')], env });
    expect(strict.conclusion).toBe('failure');
  });

  it('abandons the helper when a file system does not answer', async () => {
    const hangs = `module.unlinkSync = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;
    const steps = [
      { action, with: { budget: '1s', processes: 'false', temp: 'false' } },
      shell('touch file'),
    ];
    const job = await launchJob({ steps, env: inProcess('file-helper/index', hangs) });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.annotations[0]?.message).toMatch(
      /its file system did not answer within [23](?:\.\d)? s/,
    );
    expect(readdirSync(job.workspace)).toEqual([]);
    expect((await launchJob({ steps: [{ action }], directory: job.directory })).conclusion).toBe('success');
    expect(existsSync(trashOf(job.workspace))).toBe(false);
  });

  it('stops when the action is killed, because the next job may have started', async () => {
    const dies = `let count = 0; const { unlinkSync } = module;
      module.unlinkSync = (path) => {
        if (++count === 100) { process.kill(process.ppid, 'SIGKILL'); while (process.ppid === parent); }
        return unlinkSync(path);
      };
      const parent = process.ppid;`;
    const fill = shell('mkdir half && cd half && seq 1000 | xargs touch kept');
    const steps = [{ action, with: { keep: 'half/kept' } }, fill];
    const killed = await launchJob({ steps, env: inProcess('file-helper/index', dies) });
    expect(killed.posts[0]?.exitCode).not.toBe(0);
    expect(readdirSync(join(killed.workspace, 'half')).length).toBeGreaterThan(850);
  });

  it('warns when the helper is killed, and the next clean-up removes the rest', async () => {
    const dies = `module.unlinkSync = () => process.kill(process.pid, 'SIGKILL');`;
    const job = await launchJob({
      steps: [{ action }, shell('touch file')],
      env: inProcess('file-helper/index', dies),
    });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.annotations[0]?.message).toMatch(/helper process ended without a reply/);
    expect(readdirSync(job.workspace)).toEqual([]);
    await launchJob({ steps: [{ action }], directory: job.directory });
    expect(existsSync(trashOf(job.workspace))).toBe(false);
  });

  it('finishes in the next job when it is killed after the move', async () => {
    const env = killAtFsCall({ phase: 'post', call: 'renameSync', path: '/second', nth: 1 });
    const killed = await launchJob({ steps: [{ action }, shell('mkdir first second')], env });
    expect(killed.posts[0]?.exitCode).not.toBe(0);
    expect(readdirSync(killed.workspace)).toEqual(['second']);
    const next = await launchJob({ steps: [{ action }, shell('touch usable')], directory: killed.directory });
    expect(next.conclusion).toBe('success');
    expect(readdirSync(next.workspace)).toEqual([]);
    expect(existsSync(trashOf(next.workspace))).toBe(false);
  });
});

describe('cleanup-workspace and names that are not UTF-8', () => {
  const fill = shell(
    'd=$(printf "d\\377") && mkdir -p "$d/$d" && touch "$d/$d/a.keep" "$d/$(printf "\\376")" "$(printf "\\377.keep")" "$(printf "\\377\\n")"',
  );

  it('removes them, also where keep looks inside', async () => {
    const job = await launchJob({ steps: [{ action, with: { keep: '**/*.keep', strict: 'true' } }, fill] });
    expect(job.conclusion, job.posts[0]?.stdout).toBe('success');
    const left = spawnSync('find', ['.', '-mindepth', '1'], {
      cwd: job.workspace,
      encoding: 'latin1',
    }).stdout;
    expect(left.trim().split('\n').sort()).toEqual([
      './d\xff',
      './d\xff/d\xff',
      './d\xff/d\xff/a.keep',
      './\xff.keep',
    ]);
  });

  it('has the same plan in a dry run, and measures them', async () => {
    const dry = await launchJob({ steps: [{ action, with: { 'dry-run': 'true' } }, fill] });
    const report = JSON.parse(readFileSync(dry.steps[0]?.outputs['report'] ?? '', 'utf8')) as {
      items: { item: string; steps: object[]; sizes: { files: number }[] }[];
    };
    const workspace = report.items.find(({ item }) => item === 'workspace');
    expect(workspace?.steps).toHaveLength(3);
    expect(workspace?.sizes.reduce((total, { files }) => total + files, 0)).toBe(4);
  });
});
