import { chmodSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

/** Makes a folder for PATH, with Node and programs that print these versions. */
function makePath(tools: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, printed] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${printed}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

it('mode snapshot writes a manifest that the next step checks on the same machine', async () => {
  const PATH = makePath({ jq: 'jq-1.7', go: 'go version go1.24.1 linux/amd64' });
  const env = { PATH, DOCKER_HOST: 'unix:///nowhere' };
  const snapshot = { action, with: { mode: 'snapshot', packages: 'chosen' } };
  const { steps } = await launchJob({ env, steps: [snapshot] });
  const [step] = steps;
  expect(step?.outputs, step?.stdout).toMatchObject({ ok: 'true', status: 'pass' });
  const manifest = readFileSync(step?.outputs['snapshot'] ?? '', 'utf8');
  expect(manifest).toMatch(/^ {2}go: "==1\.24\.1"\n {2}jq: "==1\.7"$/m);
  expect(step?.summary).toContain('### Snapshot of this machine');
  const second = await launchJob({ env, steps: [{ action, with: { manifest } }] });
  expect(second.steps[0]?.outputs, second.steps[0]?.stdout).toMatchObject({ status: 'pass', missing: '[]' });
  const labels: unknown = JSON.parse(second.steps[0]?.outputs['labels'] ?? '');
  expect(labels).toEqual(expect.arrayContaining([expect.stringMatching(/^\d+c$/)]));
});

it('mode diff shows what changed since a snapshot, and how the job goes on is decided by on-failure', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'diff-'));
  const against = join(folder, 'machine.yml');
  const tools = Array.from({ length: 12 }, (_, index) => `  tool-${index}: "==1"\n`).join('');
  writeFileSync(
    against,
    `version: 1\nname: Snapshot of a machine, chosen packages\ntools:\n  jq: "==1.6"\n${tools}`,
  );
  const env = { PATH: makePath({ jq: 'jq-1.7' }), DOCKER_HOST: 'unix:///nowhere' };
  const diff = (more: Record<string, string>) => ({ action, with: { mode: 'diff', ...more } });
  const { steps } = await launchJob({
    env,
    steps: [diff({ against, 'on-failure': 'fallback' }), diff({ 'on-failure': 'warn' })],
  });
  const [step, without] = steps;
  expect(step?.exitCode, step?.stdout).toBe(0);
  expect(step?.outputs).toMatchObject({
    ok: 'false',
    fallback: 'true',
    missing: expect.stringMatching(/"jq"/),
  });
  expect(step?.summary).toMatch(/upgraded \| tool `jq` \| `1\.6` \| `1\.7`/);
  expect(step?.annotations.length).toBeLessThanOrEqual(10);
  expect(without).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining("Input 'against' is missing"),
  });
});

it('mode diff is no success if nobody knows whether something differs', async () => {
  const against = join(mkdtempSync(join(tmpdir(), 'diff-')), 'requirements.yml');
  writeFileSync(against, 'version: 1\ntools: { jq: ">=1.6", own: { command: [own] } }\n');
  const env = { PATH: makePath({ jq: 'jq-1.7' }), DOCKER_HOST: 'unix:///nowhere' };
  const { steps } = await launchJob({ env, steps: [{ action, with: { mode: 'diff', against } }] });
  const [step] = steps;
  expect(step).toMatchObject({
    exitCode: 1,
    outputs: { status: 'error', passed: '1', failed: '0', errored: '1' },
  });
  expect(step?.stdout).toContain('no difference, 1 the same, 1 not compared');
});
