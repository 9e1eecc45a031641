import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, startDeadline } from '@runner-actions/core';
import { needs, startServer } from '@runner-actions/testing/servers';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../history/src/prometheus-text.ts';
import {
  checkMetrics,
  type Family,
  parseEndpoint,
  push,
  renderOpenMetrics,
  renderPrometheus,
  writeTextfile,
} from '../src/index.ts';
import { cleanText } from '../src/label-value.ts';
import { allowed, example, hostileName } from './examples.ts';

const deadline = () => startDeadline(30_000);
const folder = () => mkdtempSync(join(tmpdir(), 'prometheus-'));
const scrape = async (address: string) => readSamples(await (await fetch(`${address}/metrics`)).text());
type Samples = Awaited<ReturnType<typeof scrape>>;
const named = (samples: Samples, name: string) => samples.filter((sample) => sample.name === name);

const gateway = needs('prometheus-pushgateway');
describe(`a real Pushgateway${gateway.reason}`, () => {
  const group = { job: 'build', repository: 'octo/app', workflow: hostileName };
  const pushTo = (address: string, ...rest: [Partial<Parameters<typeof push>[1]>?]) =>
    push(parseEndpoint('pushgateway', address), { group, metrics: example(), ...rest[0] }, deadline());

  it.skipIf(gateway.isSkipped)('takes all types and any name, and gives them back', async () => {
    const address = await startServer('prometheus-pushgateway', []);
    expect(await pushTo(address)).toEqual({ sent: true, warnings: [] });
    const samples = await scrape(address);
    const labels = { instance: '', job: 'build', repository: 'octo/app', workflow: cleanText(hostileName) };
    expect(named(samples, 'ci_job_memory_peak_bytes')).toContainEqual({
      name: 'ci_job_memory_peak_bytes',
      labels: { ...labels, conclusion: 'success', step: cleanText(hostileName) },
      value: 1_610_612_736,
      timestamp: undefined,
    });
    expect(named(samples, 'ci_jobs_total').map(({ value }) => value)).toEqual([12]);
    expect(
      named(samples, 'ci_step_duration_seconds_bucket').map(({ labels: { le }, value }) => [le, value]),
    ).toEqual([
      ['0.5', 1],
      ['1', 3],
      ['60', 4],
      ['+Inf', 5],
    ]);
  });

  it.skipIf(gateway.isSkipped)(
    'keeps one group however often a job is pushed, and replaces what it had',
    async () => {
      const address = await startServer('prometheus-pushgateway', []);
      const only = (value: number) =>
        checkMetrics(
          [{ name: 'ci_runs', type: 'gauge', help: 'x', samples: [{ labels: {}, value }] }],
          allowed,
        );
      await pushTo(address);
      for (const value of [1, 2, 3]) await pushTo(address, { metrics: only(value) });
      const samples = await scrape(address);
      expect(named(samples, 'push_time_seconds')).toHaveLength(1);
      expect(named(samples, 'ci_runs').map(({ value }) => value)).toEqual([3]);
      expect(named(samples, 'ci_jobs_total')).toEqual([]);
      await pushTo(address, { how: 'merge' });
      expect(named(await scrape(address), 'ci_runs')).toHaveLength(1);
    },
  );

  it.skipIf(gateway.isSkipped)('says itself why it refuses a push, and is asked once', async () => {
    const address = await startServer('prometheus-pushgateway', []);
    await pushTo(address);
    const family: Family = { name: 'ci_step_duration_seconds', type: 'gauge', help: 'x', samples: [] };
    const metrics = checkMetrics([{ ...family, samples: [{ labels: {}, value: 1 }] } as Family], allowed);
    const { sent, warnings } = await pushTo(address, { group: { job: 'other' }, metrics });
    expect(sent).toBe(false);
    expect(warnings[0]).toContain(
      'status 400: pushed metrics are invalid or inconsistent with existing metrics',
    );
    expect(warnings[0]).toContain('ci_step_duration_seconds');
    const count = named(await scrape(address), 'pushgateway_http_requests_total').filter(
      ({ labels }) => labels['code'] === '400',
    );
    expect(count.map(({ value }) => value)).toEqual([1]);
  });
});

const exporter = needs('prometheus-node-exporter');
describe(`a real node_exporter${exporter.reason}`, () => {
  it.skipIf(exporter.isSkipped)('reads one file for each runner, and no temporary file', async () => {
    const textfiles = folder();
    for (const runner of ['lab-1', hostileName])
      await writeTextfile({ folder: textfiles, name: runner, metrics: example({ runner }) }, deadline());
    writeFileSync(join(textfiles, '.lab-1.prom.1.a.tmp'), 'half a li');
    const address = await startServer('prometheus-node-exporter', [
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${textfiles}`,
    ]);
    const samples = await scrape(address);
    expect(named(samples, 'node_textfile_scrape_error').map(({ value }) => value)).toEqual([0]);
    expect(named(samples, 'node_textfile_mtime_seconds')).toHaveLength(2);
    expect(
      named(samples, 'ci_jobs_total')
        .map(({ labels }) => labels['runner'])
        .sort(),
    ).toEqual(['lab-1', cleanText(hostileName)].sort());
    expect(named(samples, 'ci_step_duration_seconds_count').map(({ value }) => value)).toEqual([5, 5]);
  });
});

const promtool = needs('promtool', 'prometheus');
describe(`promtool${promtool.reason}`, () => {
  it.skipIf(promtool.isSkipped)('finds no fault in the text, its names or its help', async () => {
    const done = await execute(['promtool', 'check', 'metrics'], { input: renderPrometheus(example()) });
    expect([done.stdout, done.stderr, done.code]).toEqual(['', '', 0]);
  });

  it.skipIf(promtool.isSkipped)('imports OpenMetrics with a time, and finds every series', async () => {
    const [file, blocks] = [join(folder(), 'metrics.om'), folder()];
    writeFileSync(file, renderOpenMetrics(example(), 1_764_000_000_000));
    const made = await execute(['promtool', 'tsdb', 'create-blocks-from', 'openmetrics', file, blocks]);
    expect([made.stderr, made.code]).toEqual(['', 0]);
    // `dump` also wants the log that a server would have.
    mkdirSync(join(blocks, 'wal'));
    const dump = await execute(['promtool', 'tsdb', 'dump', blocks]);
    const lines = dump.stdout.split('\n').filter((line) => line.includes('__name__'));
    expect(lines).toHaveLength(example().series);
    expect(dump.stdout).toContain('{__name__="ci_jobs_total", conclusion="success"} 12 1764000000000');
    expect(dump.stdout).toContain(`step=${JSON.stringify(cleanText(hostileName))}`);
  });
});
