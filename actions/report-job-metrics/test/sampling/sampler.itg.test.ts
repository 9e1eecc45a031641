import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute } from '@runner-actions/core';
import { bootId } from '@runner-actions/host';
import { launchJob, patchNodeModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  type SamplerSettings,
  type SeriesFiles,
  seriesFiles,
  settingsVariable,
} from '../../src/sampling/series-files.ts';
import { startSampler } from '../../src/sampling/sampler-process-io.ts';
import { parseSeries } from '../../src/sampling/sample.ts';
import { closeSeries } from '../../src/sampling/series-io.ts';
import { readReport, stopSamplerProcess } from '../job-scripts.ts';
import { sampleAt, seriesOf } from '../make-series.ts';

const linux = process.platform === 'linux';
const action = join(import.meta.dirname, '..', '..');

/** Creates a series in a new folder, as the main phase does. */
function makeSeries(): SeriesFiles {
  const files = seriesFiles(mkdtempSync(join(tmpdir(), 'series-')));
  const lines = [seriesOf([]).head, sampleAt(0), sampleAt(1)];
  writeFileSync(files.series, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return files;
}

/** Runs the bundled sampler until it ends by itself. */
function sample(
  { directory }: Pick<SeriesFiles, 'directory'>,
  settings: Partial<SamplerSettings> = {},
  variables: Record<string, string> = {},
) {
  const whole = { directory, interval: 20, maxAge: 60_000, paths: [tmpdir()], ...settings };
  const env = { ...variables, [settingsVariable]: JSON.stringify(whole) };
  const script = join(action, 'dist', 'sampler', 'index.js');
  return execute([process.execPath, script], { env, timeout: 60_000 });
}

it('kills the sampler when its identity cannot be written, since nothing could stop it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'series-'));
  const [files, script, alive] = [seriesFiles(directory), join(directory, 's.cjs'), join(directory, 'alive')];
  writeFileSync(script, `setInterval(() => require('fs').writeFileSync(${JSON.stringify(alive)}, ''), 10);`);
  mkdirSync(join(files.sampler, 'in-the-way'), { recursive: true });
  const settings = { directory, interval: 20, maxAge: 60_000, paths: [] };
  await expect(startSampler(script, settings, files, process.env)).rejects.toThrow();
  rmSync(alive, { force: true });
  await sleep(1_000);
  expect(existsSync(alive)).toBe(false);
});

const exited = { status: 'exited', code: 0, stderr: '' };

describe('sampler', () => {
  it('writes a sample in each interval until the stop file exists', async () => {
    const files = makeSeries();
    const running = sample(files);
    const lines = () => readFileSync(files.series, 'utf8').trim().split('\n').length;
    await expect.poll(lines).toBeGreaterThan(4);
    writeFileSync(files.stop, '');
    expect(await running).toMatchObject(exited);
  });

  it('ends after its maximum run time', async () => {
    const files = makeSeries();
    expect(await sample(files, { maxAge: 200 })).toMatchObject(exited);
    expect(await closeSeries(files.directory)).toMatchObject({ end: 'max-age' });
  });

  it('samples less often the longer a job is, so that its file stays small', async () => {
    const files = makeSeries();
    await sample(files, { maxAge: 1_000, coarsen: { first: 3, next: 2 } });
    const series = parseSeries(readFileSync(files.series, 'utf8'));
    const intervals = series?.samples.map(({ interval }) => interval).slice(2) ?? [];
    expect(intervals.slice(0, 7)).toEqual([undefined, undefined, undefined, 40, 40, 80, 80]);
    // At the first interval, there would be 50.
    expect(intervals.length).toBeLessThan(20);
  });

  it.runIf(linux)('ends on a signal, with a last sample, where no stop file can be written', async () => {
    const files = makeSeries();
    const script = join(action, 'dist', 'sampler', 'index.js');
    const settings = { directory: files.directory, interval: 600_000, maxAge: 600_000, paths: [] };
    const sampler = spawn(process.execPath, [script], {
      env: { [settingsVariable]: JSON.stringify(settings) },
      stdio: 'ignore',
    });
    const lines = () => readFileSync(files.series, 'utf8').trim().split('\n').length;
    await expect.poll(lines, { timeout: 20_000 }).toBe(4);
    sampler.kill('SIGTERM');
    expect(await once(sampler, 'exit')).toEqual([0, null]);
    expect(lines()).toBe(5);
  });

  it.runIf(linux)('ends with the runner that started the job', async () => {
    const files = makeSeries();
    const parent = { pid: process.pid, startTime: 1, isWorker: true };
    expect(await sample(files, { maxAge: 600_000, place: { parent } })).toMatchObject(exited);
    expect(readFileSync(files.ended, 'utf8')).toBe('job-ended');
  });

  it('ends at once when there is no series, and creates none', async () => {
    const directory = join(tmpdir(), 'no-such-series');
    expect(await sample({ directory })).toMatchObject(exited);
    expect(existsSync(directory)).toBe(false);
  });

  it('does not create the series again when it is removed during a write', async () => {
    const files = makeSeries();
    const remove = `
      const { openSync } = module;
      module.openSync = (path, ...rest) => {
        if (path === ${JSON.stringify(files.series)}) module.rmSync(path);
        return openSync(path, ...rest);
      };`;
    expect(await sample(files, {}, patchNodeModule('node:fs', remove))).toMatchObject(exited);
    expect(existsSync(files.series)).toBe(false);
  });

  it.runIf(linux)('keeps running while the disk is full', async () => {
    const files = seriesFiles(mkdtempSync(join(tmpdir(), 'series-')));
    symlinkSync('/dev/full', files.series);
    expect(await sample(files, { maxAge: 200 })).toMatchObject(exited);
    expect(existsSync(files.ended)).toBe(true);
  });

  it('has a small bundle without the actions toolkit', () => {
    const bundle = readFileSync(join(action, 'dist', 'sampler', 'index.js'), 'utf8');
    expect(bundle.length).toBeLessThan(100_000);
    expect(bundle).not.toContain('GITHUB_STEP_SUMMARY');
  });
});

describe('closeSeries', () => {
  it('returns none for a missing series, and broken for a series with an invalid head', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'series-'));
    expect(await closeSeries(directory)).toBe('none');
    writeFileSync(seriesFiles(directory).series, '{"version":');
    expect(await closeSeries(directory)).toBe('broken');
  });

  it.runIf(linux)('does not mistake another process with the same pid for the sampler', async () => {
    const files = makeSeries();
    await sample(files, { maxAge: 0 });
    const impostor = { pid: process.pid, startTime: 1, boot: bootId() };
    writeFileSync(files.sampler, JSON.stringify(impostor));
    expect(await closeSeries(files.directory)).toMatchObject({ end: 'max-age' });
  });

  it.runIf(linux)('kills a sampler that does not end after the stop file and SIGTERM', async () => {
    const job = await launchJob({ steps: [{ action, with: { interval: '500ms' } }, stopSamplerProcess] });
    expect(job.conclusion).toBe('success');
    expect(readReport(job.steps[0]?.outputs['report'])?.end).toBe('stopped');
    expect(job.orphans).toEqual([]);
  });
});
