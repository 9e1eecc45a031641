import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';
const path = '.github/runner-config.yml';

async function check(files: Record<string, string>, inputs: Record<string, string> = {}) {
  const workspace = join(mkdtempSync(join(tmpdir(), 'work-')), '_work', 'app', 'app');
  for (const [name, text] of Object.entries({ '.git/HEAD': sha, ...files })) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const job = await launchJob({ workspace, env: { GITHUB_SHA: sha }, steps: [{ action, with: inputs }] });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  return step;
}

describe('validate-preinstalled: configuration', () => {
  it('reads the manifest that the configuration names, relative to its file', async () => {
    const manifest = 'version: 1\nname: team\nenv:\n  RUNNER_TEMP: { is: directory }\n';
    const { exitCode, summary } = await check({
      [path]: 'requirements: ./needs/ci.yml\n',
      '.github/needs/ci.yml': manifest,
    });
    expect(exitCode).toBe(0);
    expect(summary).toContain('team');
  });

  it('fails without a manifest, unless optional is set and no manifest is named', async () => {
    const optional = { optional: 'true' };
    expect((await check({}, {})).exitCode).toBe(1);
    const none = await check({}, optional);
    expect([none.exitCode, none.summary]).toEqual([0, '']);
    expect(none.stdout).toContain('There is no .github/runner-requirements.yml, so nothing is checked.');
    const gone = { [path]: 'requirements: ./gone.yml\n' };
    expect((await check(gone, optional)).exitCode).toBe(1);
    expect((await check({}, { ...optional, manifest: 'gone.yml' })).exitCode).toBe(1);
    const there = await check({ '.github/runner-requirements.yml': 'version: 1\nname: usual\n' }, optional);
    expect(there.summary).toContain('usual');
  });

  it('validates the configuration with mode: check-config, and prints the effective settings with their origins', async () => {
    const files = {
      [path]: 'extends: ./base.yml\ncache: { max-age: 7d }\n',
      '.github/base.yml': 'cache:\n  root: /srv/cache\n',
    };
    const { exitCode, outputs, stdout } = await check(files, { mode: 'check-config' });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ ok: 'true', status: 'pass' });
    expect(stdout).toMatch(/root: \/srv\/cache # \.github\/base\.yml:2/);
    expect(stdout).toMatch(/max-age: 7d # \.github\/runner-config\.yml:2/);
  });

  it('annotates every mistake at its line, in all files and environments', async () => {
    const files = {
      [path]: 'extends: [./base.yml, octo/private:x.yml]\nclases: {}\n',
      '.github/base.yml': 'pools:\n  1:\n    runs-on: a\n',
    };
    const { exitCode, annotations, outputs } = await check(files, { mode: 'check-config' });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ ok: 'false', status: 'fail' });
    expect(annotations.map(({ file, line }) => `${file}:${line}`).sort()).toEqual([
      '.github/base.yml:2',
      '.github/runner-config.yml:1',
      '.github/runner-config.yml:2',
    ]);
    const environment = await check(
      { [path]: 'environments:\n  a:\n    pool-order: [x]\n' },
      { mode: 'check-config' },
    );
    expect(environment.annotations[0]).toMatchObject({ file: path, line: 3 });
  });

  it('annotates the first of many mistakes at their lines, and lists the others in the summary', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => `  k${index}: 1\n`).join('');
    const { annotations, summary } = await check({ [path]: `cache:\n${lines}` }, { mode: 'check-config' });
    expect(annotations.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, undefined]);
    expect(summary.match(/:1[123]:3:/g)).toEqual([':11:3:', ':12:3:', ':13:3:']);
  });

  it('treats a file that cannot be fetched as a mistake only with mode: check-config', async () => {
    const files = {
      [path]: 'extends: octo/private:x.yml\n',
      '.github/runner-requirements.yml': 'version: 1\n',
    };
    const checked = await check(files, { mode: 'check-config' });
    expect(checked.exitCode).toBe(1);
    expect(checked.annotations[0]?.message).toMatch(/octo\/private:x\.yml: .*contents: read/);
    const used = await check(files);
    expect(used.exitCode).toBe(0);
    expect(used.annotations[0]).toMatchObject({ level: 'warning' });
  });
});
