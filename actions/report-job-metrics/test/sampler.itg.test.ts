import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { bootId } from '@runner-actions/host';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { type SamplerSettings, seriesFiles, settingsVariable } from '../src/series-files.ts';
import { closeSeries } from '../src/series-io.ts';
import { readReport, stopSamplerProcess } from './job-scripts.ts';
import { sampleAt, seriesOf } from './make-series.ts';

const action = join(import.meta.dirname, '..');

/** Runs the bundled sampler until it ends by itself. */
async function sample(settings: Partial<SamplerSettings>, samples = 2) {
  const directory = mkdtempSync(join(tmpdir(), 'series-'));
  const files = seriesFiles(directory);
  const lines = [seriesOf([]).head, ...Array.from({ length: samples }, (_, index) => sampleAt(index))];
  writeFileSync(files.series, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const whole = { directory, interval: 20, maxAge: 60_000, paths: [directory], ...settings };
  const env = { [settingsVariable]: JSON.stringify(whole) };
  const script = join(action, 'dist', 'sampler', 'index.js');
  const execution = await execute([process.execPath, script], { env, timeout: 20_000 });
  return { execution, files };
}

describe('the sampler by itself', () => {
  it('writes a sample each interval and ends at its greatest age', async () => {
    const { execution, files } = await sample({ maxAge: 2_000 });
    expect(execution).toMatchObject({ status: 'exited', code: 0, stderr: '' });
    expect(readFileSync(files.series, 'utf8').trim().split('\n').length).toBeGreaterThan(4);
    expect(await closeSeries(files.directory, [])).toMatchObject({ end: 'max-age' });
  });

  it('ends at once where there is no series, and makes none', async () => {
    const directory = join(tmpdir(), 'no-such-series');
    const { execution } = await sample({ directory });
    expect(execution).toMatchObject({ status: 'exited', code: 0 });
    expect(existsSync(directory)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('goes on while the disk is full', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'series-'));
    symlinkSync('/dev/full', seriesFiles(directory).series);
    const { execution } = await sample({ directory, maxAge: 200 });
    expect(execution).toMatchObject({ status: 'exited', code: 0, stderr: '' });
    expect(existsSync(seriesFiles(directory).ended)).toBe(true);
  });

  it('is so small that it does not carry the toolkit', () => {
    const bundle = readFileSync(join(action, 'dist', 'sampler', 'index.js'), 'utf8');
    expect(bundle.length).toBeLessThan(100_000);
    expect(bundle).not.toContain('GITHUB_STEP_SUMMARY');
  });
});

describe('closing', () => {
  it('tells a series that is not there from one whose head is broken', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'series-'));
    expect(await closeSeries(directory, [])).toBe('none');
    writeFileSync(seriesFiles(directory).series, '{"version":');
    expect(await closeSeries(directory, [])).toBe('broken');
  });

  it.runIf(process.platform === 'linux')(
    'does not take a process with a used pid for the sampler',
    async () => {
      const { files } = await sample({ maxAge: 0 });
      const impostor = { pid: process.pid, startTime: 1, boot: bootId() };
      writeFileSync(files.sampler, JSON.stringify(impostor));
      expect(await closeSeries(files.directory, [])).toMatchObject({ end: 'max-age' });
    },
  );

  it.runIf(process.platform === 'linux')('kills a sampler that does not end when it is told to', async () => {
    const job = await launchJob({ steps: [{ action, with: { interval: '500ms' } }, stopSamplerProcess] });
    expect(job.conclusion).toBe('success');
    expect(readReport(job.steps[0]?.outputs['report'])?.end).toBe('stopped');
    expect(job.orphans).toEqual([]);
  });
});
