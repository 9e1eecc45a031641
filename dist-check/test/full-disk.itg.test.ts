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

/**
 * A call of each action, with its expected exit code and outputs, which do not depend on whether its report can be
 * written.
 */
const calls: [string, JobStep, Pick<StepResult, 'exitCode'>, Record<string, string>][] = [
  [
    'the result of validate-preinstalled for an unmet requirement',
    ofAction('validate-preinstalled', { manifest: unmet }),
    { exitCode: 1 },
    { ok: 'false', status: 'fail', missing: '["no-such-tool"]', 'runs-on': '"ubuntu-latest"' },
  ],
  [
    'the result of validate-preinstalled for a met requirement',
    ofAction('validate-preinstalled', { manifest: 'version: 1\ntools:\n  node: latest\n' }),
    { exitCode: 0 },
    { ok: 'true', status: 'pass', 'runs-on': '"self-hosted"' },
  ],
  [
    'the result of select-runner',
    ofAction('select-runner', { labels: 'self-hosted', fallback: 'other' }),
    { exitCode: 0 },
    { decision: 'run', 'runs-on': '"other"' },
  ],
  [
    'the failure of select-runner with fallback: fail',
    ofAction('select-runner', { labels: 'self-hosted', fallback: 'fail' }),
    { exitCode: 1 },
    { decision: 'fail' },
  ],
  [
    'the failure of restore-local-cache with fail-on-cache-miss',
    ofAction('restore-local-cache/restore', { path: 'deps', key: 'k', 'fail-on-cache-miss': 'true' }),
    { exitCode: 1 },
    { 'cache-hit': '', 'cache-primary-key': 'k' },
  ],
  [
    'the result of rescue-queued-jobs',
    ofAction('rescue-queued-jobs', { token: 'github-token' }),
    { exitCode: 0 },
    { considered: '0', rescued: '0' },
  ],
  [
    'the result of cleanup-workspace',
    ofAction('cleanup-workspace', { when: 'now' }),
    { exitCode: 0 },
    { residue: '[]' },
  ],
];

function expectResult(
  step: StepResult | undefined,
  verdict: Pick<StepResult, 'exitCode'>,
  outputs: Record<string, string>,
  code: string,
): void {
  expect(step).toMatchObject({ ...verdict, outputs });
  expect(step?.outputs['report']).toBeUndefined();
  const messages = step?.annotations.map(({ message }) => message).join('\n');
  expect(messages).toMatch(new RegExp(`report could not be written: .*_temp.* \\(${code}\\)`));
  expect(messages).not.toContain('Please report');
}

describe('a full disk', () => {
  it.each(calls)('does not change %s', async (_name, call, verdict, outputs) => {
    const job = await launchOnSmallDisk({ steps: [{ run: fillDisk }, call] });
    if (job === undefined) return;
    expectResult(job.steps[1], verdict, outputs, 'ENOSPC');
  });

  it('makes report-job-metrics explain why it measures nothing, without failing the job', async () => {
    const job = await launchOnSmallDisk({
      steps: [{ run: fillDisk }, ofAction('report-job-metrics', { when: 'post' })],
    });
    if (job === undefined) return;
    expect(job.conclusion).toBe('success');
    expect(job.steps[1]?.annotations.map(({ message }) => message).join()).toMatch(
      /no space is left on the disk of .* \(ENOSPC\)/,
    );
  });

  it('does not lose the state that main passes to post', async () => {
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

describe('a read-only disk', () => {
  // restore-local-cache needs a folder of its own, so it fails here in another way. See the test below.
  const others = calls.filter(
    ([name]) => name !== 'the failure of restore-local-cache with fail-on-cache-miss',
  );

  it.each(others)('does not change %s', async (_name, call, verdict, outputs) => {
    const step = await launchReadOnly(call);
    if (step !== undefined) expectResult(step, verdict, outputs, 'EROFS');
  });

  it('fails a restore with fail-on-cache-miss', async () => {
    const inputs = { path: 'deps', key: 'k', 'fail-on-cache-miss': 'true' };
    const step = await launchReadOnly(ofAction('restore-local-cache', inputs));
    if (step !== undefined) expect(step).toMatchObject({ exitCode: 1, outputs: { 'cache-source': 'none' } });
  });
});
