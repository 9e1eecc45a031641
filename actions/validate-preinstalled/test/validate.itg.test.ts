import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { launchJob, patchNodeModule, preloadModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

async function check(
  manifest: string,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
) {
  const job = await launchJob({ env, steps: [{ action, with: { manifest, ...inputs } }] });
  const step = job.steps[0];
  if (step === undefined) throw new Error('no step ran');
  return { ...step, orphans: job.orphans };
}

function fakePath(tools: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

describe('validate-preinstalled', () => {
  it('passes when all requirements are met', async () => {
    const manifest = `version: 1\ntools:\n  node: '>=18'\nenv:\n  RUNNER_TEMP: { is: directory }\nsystem:\n  memory: '>=1MiB'\n  disk: [{ path: $RUNNER_TEMP, free: '>=1MiB' }]\n`;
    const { exitCode, outputs, summary } = await check(manifest);
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ ok: 'true', status: 'pass', passed: '4', missing: '[]' });
    expect(summary).toContain('4 pass');
  });

  it('passes with packages, and with the manifest of the demo', async () => {
    const folder = resolve(action, '../../packages/testing/demo/project/.github');
    const demo = await check(join(folder, 'runner-requirements.yml'));
    expect(demo.outputs).toMatchObject({ ok: 'true', passed: '6', 'runs-on': '"self-hosted"' });
    const { outputs } = await check('version: 1\npackages:\n  - { apt: [bash, dpkg], version: ">=1" }\n');
    expect(outputs).toMatchObject({ status: 'pass', passed: '2' });
  });

  it('never shows the value of a secret', async () => {
    const manifest = `version: 1\nenv:\n  MINE: { secret: true, equals: 'wanted-value' }\n  OTHER: { set: true }\n`;
    const given = { MINE: 'found-value', OTHER: 'other-value' };
    const { outputs, stdout, stderr, summary } = await check(manifest, { 'on-failure': 'warn' }, given);
    expect(outputs).toMatchObject({ failed: '1', passed: '1', missing: '["MINE"]' });
    const visible = [stdout, stderr, summary, readFileSync(outputs['report'] ?? '', 'utf8')].join('\n');
    expect(visible).toContain('MINE');
    expect(visible).not.toMatch(/(found|wanted|other)-value/);
  });

  it('stays green and names the fallback after an internal error', async () => {
    const { exitCode, outputs, annotations } = await check(
      'version: 1\ntools: { node: latest }\n',
      {},
      preloadModule(`const on = process.on;
        process.on = function (name, ...rest) {
          if (name === 'SIGINT') throw new Error('broken');
          return on.call(this, name, ...rest);
        };`),
    );
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ ok: 'false', status: 'error', 'runs-on': '"ubuntu-latest"' });
    expect(annotations[0]?.level).toBe('warning');
  });

  it('annotates unmet requirements at their place in the manifest', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'work-'));
    const path = join(workspace, '.github/runner-requirements.yml');
    mkdirSync(dirname(path));
    writeFileSync(path, "version: 1\ntools:\n  node: '>=99'\n  no-such-tool: latest\n");
    const job = await launchJob({ workspace, steps: [{ action }] });
    expect(job.steps[0]?.exitCode).toBe(1);
    const file = '.github/runner-requirements.yml';
    expect(job.steps[0]?.annotations).toMatchObject([
      { level: 'error', file, line: 3, column: 3 },
      { level: 'error', file, line: 4, column: 3, message: expect.stringContaining('nothing on PATH') },
      {},
    ]);
    expect(job.steps[0]?.outputs['missing']).toBe('["node","no-such-tool"]');
  });

  it('stays green and names the fallback with on-failure: fallback', async () => {
    const given = { 'on-failure': 'fallback', fallback: '["ubuntu-24.04"]' };
    const { exitCode, outputs } = await check('version: 1\ntools: { no-such-tool: 1 }\n', given);
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ ok: 'false', fallback: 'true', 'runs-on': '["ubuntu-24.04"]' });
  });

  it.each<[string, string, Record<string, string>, { message?: RegExp; line?: number; column?: number }]>([
    ['a wrong input', 'version: 1\n#\n', { 'on-failure': 'banana' }, { message: /banana/ }],
    ['broken YAML', 'version: 1\ntools:\n\tnode: 1\n', {}, { line: 3, column: 1 }],
    ['a missing manifest', 'none.yml', {}, { message: /none\.yml/ }],
  ])('fails for %s', async (_name, manifest, inputs, { message, ...place }) => {
    const { exitCode, annotations } = await check(manifest, inputs);
    expect(exitCode).toBe(1);
    expect(annotations[0]).toMatchObject(place);
    if (message !== undefined) expect(annotations[0]?.message).toMatch(message);
  });

  it('reports an error for a probe that hangs, and passes one that answers', async () => {
    const PATH = fakePath({ hangs: 'exec /bin/sleep 300', answers: 'echo 1.0' });
    const manifest = 'version: 1\ntools: { hangs: 1, answers: 1 }\n';
    const { outputs, orphans } = await check(manifest, { timeout: '8s', 'on-failure': 'warn' }, { PATH });
    expect(outputs).toMatchObject({ status: 'error', errored: '1', passed: '1' });
    expect(orphans).toEqual([]);
  });

  it('reports its result when its temp folder cannot be removed', async () => {
    const busy = patchNodeModule(
      'node:fs/promises',
      "module.rm = () => Promise.reject(new Error('ENOTEMPTY'));",
    );
    const { outputs, annotations } = await check('version: 1\ntools: { node: latest }\n', {}, busy);
    expect([outputs['status'], annotations]).toEqual(['pass', []]);
  });

  it('reports an error for packages when their database is missing', async () => {
    const manifest = 'version: 1\npackages:\n  - apt: bash\n';
    const env = { PATH: fakePath({}), DPKG_ADMINDIR: '/no/such/folder' };
    const { outputs } = await check(manifest, { 'on-failure': 'warn' }, env);
    expect(outputs).toMatchObject({ status: 'error', errored: '1', failed: '0' });
  });

  it('leaves no process behind when the job is cancelled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mark-'));
    const PATH = fakePath({ hangs: `echo $$ > '${folder}/started'\nexec /bin/sleep 300` });
    const cancel = new AbortController();
    const watcher = watch(folder, () => cancel.abort());
    const steps = [{ action, with: { manifest: 'version: 1\ntools: { hangs: 1 }\n' } }];
    const job = await launchJob({ env: { PATH }, cancel: cancel.signal, steps });
    watcher.close();
    expect(job.conclusion).toBe('cancelled');
    expect(job.orphans).toEqual([]);
  });
});
