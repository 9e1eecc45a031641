import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnerName, runningHelpers } from '@runner-actions/host';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { burnUntil, killSampler, readReport, removeSeries, showSampler } from './job-scripts.ts';

const action = join(import.meta.dirname, '..');
const open = { action, with: { interval: '500ms' } };
const token = 'ghs_a_token_of_the_job';
const linux = process.platform === 'linux';

describe('report-job-metrics: a measured job', () => {
  it('reports plausible metrics in summary and report, and leaves no process behind', async () => {
    const job = await launchJob({ steps: [open, burnUntil(4)] });
    const [post] = job.posts;
    expect(job.conclusion).toBe('success');
    expect(post?.annotations).toEqual([]);
    expect(post?.summary).toMatch(/\| CPU \| .* % \|/);
    expect(post?.summary).toContain('xychart-beta');
    const report = readReport(job.steps[0]?.outputs['report']);
    expect(report).toMatchObject({ end: 'stopped', skipped: 0 });
    expect(report?.summary.samples).toBeGreaterThanOrEqual(5);
    // One core was busy all the time.
    expect((report?.summary.cpu?.max ?? 0) * (report?.machine.cores.value ?? 0)).toBeGreaterThan(0.1);
    expect(report?.summary.cpu?.max).toBeLessThanOrEqual(1);
    expect(job.orphans).toEqual([]);
  });

  it('sets outputs with when: now, and reports nothing again in post', async () => {
    const job = await launchJob({ steps: [open, burnUntil(2), { action, with: { when: 'now' } }] });
    const outputs = job.steps[2]?.outputs ?? {};
    expect(Number(outputs['cpu-mean-ratio'])).toBeGreaterThan(0);
    expect(Number(outputs['cpu-peak-ratio'])).toBeGreaterThanOrEqual(Number(outputs['cpu-mean-ratio']));
    expect(Number(outputs['memory-peak-bytes'])).toBeGreaterThan(2 ** 20);
    expect(Number(outputs['disk-peak-ratio'])).toBeGreaterThan(0);
    expect(Number(outputs['duration-seconds'])).toBeGreaterThanOrEqual(0.4);
    expect(outputs['network-bytes'] ?? '0').toMatch(/^\d+$/);
    expect(readReport(outputs['report'])?.end).toBe('stopped');
    expect(job.posts.map(({ summary }) => summary).join('')).toBe('');
  });

  it('reports a job that is shorter than the interval', async () => {
    const job = await launchJob({ steps: [{ action, with: { interval: '10m', charts: 'text' } }] });
    // One before the sampler starts, and its last one. It may also have taken its first one before that.
    const samples = readReport(job.steps[0]?.outputs['report'])?.summary.samples;
    expect([2, 3]).toContain(samples);
    expect(job.posts[0]?.summary).toContain(`${samples} samples`);
  });

  it('starts one sampler when two steps use the action', async () => {
    const job = await launchJob({ steps: [open, open, burnUntil(2)] });
    expect(job.steps[1]?.stdout).toContain('already takes samples');
    expect(job.posts.filter(({ summary }) => summary !== '')).toHaveLength(1);
    expect(job.orphans).toEqual([]);
  });
});

describe('report-job-metrics: two jobs at once', () => {
  it('keeps the series of two concurrent jobs apart', async () => {
    const jobs = await Promise.all([
      launchJob({ steps: [open, burnUntil(2)] }),
      launchJob({ steps: [open, burnUntil(5)] }),
    ]);
    const reports = jobs.map((job) => readReport(job.steps[0]?.outputs['report']));
    expect(reports[0]?.summary.samples).toBeGreaterThanOrEqual(3);
    expect(reports[1]?.summary.samples).toBeGreaterThanOrEqual(6);
    expect(jobs.flatMap(({ orphans }) => orphans)).toEqual([]);
  });
});

describe('report-job-metrics: user errors', () => {
  it.each([
    ['interval', 'banana'],
    ['interval', '1ms'],
    ['charts', 'svg'],
    ['when', 'later'],
    ['strict', 'perhaps'],
    ['job-id', 'build'],
  ])('rejects %s: %s, and names the input and its value', async (name, value) => {
    const job = await launchJob({ steps: [{ action, with: { [name]: value } }] });
    expect(job.conclusion).toBe('failure');
    expect(job.steps[0]?.annotations).toMatchObject([{ level: 'error' }]);
    expect(job.steps[0]?.annotations[0]?.message).toContain(`Input '${name}' is '${value}'`);
    expect(job.posts[0]).toMatchObject({ exitCode: 0, annotations: [] });
  });

  it('warns when no series is open, and fails with strict', async () => {
    const lenient = await launchJob({ steps: [{ action, with: { when: 'now' } }] });
    expect(lenient.conclusion).toBe('success');
    expect(lenient.steps[0]?.annotations).toMatchObject([{ level: 'warning' }]);
    const strict = await launchJob({ steps: [{ action, with: { when: 'now', strict: 'true' } }] });
    expect(strict.conclusion).toBe('failure');
  });
});

describe('report-job-metrics: missing resources', () => {
  const env = { RUNNER_TEMP: '/dev/null/no-folder' };

  it('warns and does not fail the job when no file can be written', async () => {
    const job = await launchJob({ steps: [open], env });
    expect(job.conclusion).toBe('success');
    expect(job.steps[0]?.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('Sampling could not start') },
    ]);
    expect(job.posts[0]?.exitCode).toBe(0);
  });

  it('fails with strict when no file can be written', async () => {
    const job = await launchJob({ steps: [{ action, with: { strict: 'true' } }], env });
    expect(job.conclusion).toBe('failure');
  });

  it('works without PATH', async () => {
    const job = await launchJob({ steps: [open], env: { PATH: '' } });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.summary).toContain('Job metrics');
    expect(job.orphans).toEqual([]);
  });
});

describe.runIf(linux)('report-job-metrics: sampler', () => {
  it('reports the samples of a killed sampler', async () => {
    const job = await launchJob({ steps: [open, killSampler] });
    const report = readReport(job.steps[0]?.outputs['report']);
    expect(job.conclusion).toBe('success');
    expect(report).toMatchObject({ end: 'lost', skipped: 1 });
    expect(report?.summary.samples).toBeGreaterThanOrEqual(3);
    expect(job.posts[0]?.summary).toMatch(/Sampler stopped at \d\d:\d\d:\d\d UTC/);
    expect(job.posts[0]?.annotations).toEqual([]);
  });

  it('passes the tracking id to the sampler, and no token', async () => {
    const env = { GITHUB_TOKEN: token, ACTIONS_RUNTIME_TOKEN: token };
    const job = await launchJob({ steps: [open, showSampler], token, env });
    const shown = JSON.parse(job.steps[1]?.stdout ?? '{}') as { environ: string[] };
    const names = shown.environ.filter(Boolean).map((entry) => entry.split('=')[0]);
    expect(names.sort()).toEqual(['HOME', 'PATH', 'RUNNER_ACTIONS_SAMPLER', 'RUNNER_TRACKING_ID']);
    expect(shown.environ.join('\n')).not.toContain(token);
    expect(shown.environ).toContain(`RUNNER_TRACKING_ID=${job.env['RUNNER_TRACKING_ID']}`);
  });

  it('records the sampler as a helper, so that a clean-up leaves it at work', async () => {
    const job = await launchJob({ steps: [open, showSampler] });
    const { pid } = JSON.parse(job.steps[1]?.stdout ?? '{}') as { pid: number };
    const records = readdirSync(join(job.temp, 'runner-actions', 'helpers')).map((name) =>
      readOwnerName(name),
    );
    expect(records).toMatchObject([{ pid, startTime: expect.any(Number) }]);
    expect(runningHelpers(job.temp)).toEqual([]);
  });

  it('ends the sampler when its folder is removed, and only warns', async () => {
    const job = await launchJob({ steps: [open, removeSeries] });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.annotations).toMatchObject([{ level: 'warning' }]);
    expect(job.orphans).toEqual([]);
  });
});
