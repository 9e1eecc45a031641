import { join } from 'node:path';
import {
  fillDisk,
  type JobStep,
  launchJob,
  launchOnSmallDisk,
  type StepResult,
  withReadOnly,
} from '@runner-actions/testing';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';

const actions = join(import.meta.dirname, '../../actions');
const ofAction = (name: string, inputs: Record<string, string>): JobStep => ({
  action: join(actions, name),
  with: inputs,
});

const unmet = 'version: 1\ntools:\n  no-such-tool: latest\n';

/** Of each action a call, and what it says whatever becomes of its report. */
const calls: [string, JobStep, Pick<StepResult, 'exitCode'>, Record<string, string>][] = [
  [
    'a requirement that is not met',
    ofAction('validate-preinstalled', { manifest: unmet }),
    { exitCode: 1 },
    { ok: 'false', status: 'fail', missing: '["no-such-tool"]', 'runs-on': '"ubuntu-latest"' },
  ],
  [
    'one that is met',
    ofAction('validate-preinstalled', { manifest: 'version: 1\ntools:\n  node: latest\n' }),
    { exitCode: 0 },
    { ok: 'true', status: 'pass', 'runs-on': '"self-hosted"' },
  ],
  [
    'a choice of runners',
    ofAction('select-runner', { labels: 'self-hosted', fallback: 'other' }),
    { exitCode: 0 },
    { decision: 'run', 'runs-on': '"other"' },
  ],
  [
    'a choice that is to fail',
    ofAction('select-runner', { labels: 'self-hosted', fallback: 'fail' }),
    { exitCode: 1 },
    { decision: 'fail' },
  ],
  [
    'a miss that is to fail',
    ofAction('restore-local-cache/restore', { path: 'deps', key: 'k', 'fail-on-cache-miss': 'true' }),
    { exitCode: 1 },
    { 'cache-hit': '', 'cache-primary-key': 'k' },
  ],
  [
    'a look for queued jobs',
    ofAction('rescue-queued-jobs', { token: 'github-token' }),
    { exitCode: 0 },
    { considered: '0', rescued: '0' },
  ],
  ['a clean-up', ofAction('cleanup-workspace', { when: 'now' }), { exitCode: 0 }, { residue: '[]' }],
];

function expectAnswer(
  step: StepResult | undefined,
  verdict: Pick<StepResult, 'exitCode'>,
  outputs: Record<string, string>,
  code: string,
): void {
  expect(step).toMatchObject({ ...verdict, outputs });
  expect(step?.outputs['report']).toBeUndefined();
  const told = step?.annotations.map(({ message }) => message).join('\n');
  expect(told).toMatch(new RegExp(`report could not be written: .*_temp.* \\(${code}\\)`));
  expect(told).not.toContain('Please report');
}

describe('a disk without room', () => {
  it.each(calls)('does not change %s', async (_name, call, verdict, outputs) => {
    const job = await launchOnSmallDisk({ steps: [{ run: fillDisk }, call] });
    if (job === undefined) return;
    expectAnswer(job.steps[1], verdict, outputs, 'ENOSPC');
  });

  it('is not measured, and the job is told why', async () => {
    const job = await launchOnSmallDisk({
      steps: [{ run: fillDisk }, ofAction('report-job-metrics', { when: 'post' })],
    });
    if (job === undefined) return;
    expect(job.conclusion).toBe('success');
    expect(job.steps[1]?.annotations.map(({ message }) => message).join()).toMatch(
      /no space is left on the disk of .* \(ENOSPC\)/,
    );
  });

  it('still gives post what main left', async () => {
    const job = await launchOnSmallDisk({
      steps: [{ run: fillDisk }, ofAction('cleanup-workspace', {}), { run: ['touch', 'litter'] }],
    });
    if (job === undefined) return;
    expect(job.posts[0]?.stdout).toContain('"litter"');
  });
});

async function launchReadOnly(call: JobStep): Promise<StepResult | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'));
  const temp = join(directory, '_work/_temp');
  mkdirSync(temp, { recursive: true });
  const wrap = withReadOnly(temp);
  if (wrap === undefined) return undefined;
  return (await launchJob({ directory, wrap, steps: [call] })).steps[0];
}

describe('a disk that is read-only', () => {
  // A cache needs a folder of its own to restore.
  const others = calls.filter(([name]) => name !== 'a miss that is to fail');

  it.each(others)('does not change %s', async (_name, call, verdict, outputs) => {
    const step = await launchReadOnly(call);
    if (step !== undefined) expectAnswer(step, verdict, outputs, 'EROFS');
  });

  it('fails a step that is to restore something', async () => {
    const inputs = { path: 'deps', key: 'k', 'fail-on-cache-miss': 'true' };
    const step = await launchReadOnly(ofAction('restore-local-cache', inputs));
    if (step !== undefined) expect(step).toMatchObject({ exitCode: 1, outputs: { 'cache-source': 'none' } });
  });
});
