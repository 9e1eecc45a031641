import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jobStart, workerStart } from '../src/job-start.ts';
import { kernelTree } from './kernel-tree.ts';

const minute = 60_000;
const day = 86_400_000;

function makeTemp() {
  const temp = mkdtempSync(join(tmpdir(), 'temp-'));
  mkdirSync(join(temp, '_github_workflow'));
  const event = join(temp, '_github_workflow/event.json');
  writeFileSync(event, '{}');
  return { temp, event, created: statSync(event).birthtimeMs, folder: join(temp, '_github_workflow') };
}

/** A machine whose worker started 10 seconds ago. */
const kernel = kernelTree({
  'proc/uptime': '1000.00 1\n',
  [`proc/${process.ppid}/stat`]: `${process.ppid} (x) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 99000 1`,
  [`proc/${process.ppid}/cmdline`]: '/home/runner/bin.2.336.0/Runner.Worker\0spawnclient\0',
});

it('is the earlier one of the start of the worker and the creation of the event file, with a minute to spare', () => {
  const { temp, created } = makeTemp();
  expect(jobStart(temp, created + day, kernel)).toBeCloseTo(created - minute, -2);
  const early = created - 5 * minute;
  expect(jobStart(temp, early, kernel)).toBe(early - 10_000 - minute);
});

it('is a day earlier where the worker is not visible, in case the clock was set back', () => {
  const { temp, created } = makeTemp();
  expect(jobStart(temp, created, { platform: 'win32' })).toBeCloseTo(created - day, -2);
  const reset = kernelTree({ 'proc/uptime': '10.00 1\n' });
  expect(jobStart(temp, created, reset)).toBeCloseTo(created - day, -2);
});

it('does not move when a later step writes the event file again, or a job sets its times', () => {
  const { temp, event, folder, created } = makeTemp();
  writeFileSync(event, '{"a":1}');
  for (const path of [event, folder]) utimesSync(path, created / 1000 + 1e6, created / 1000 + 1e6);
  expect(jobStart(temp, created + 2e9, kernel)).toBeCloseTo(created - minute, -2);
  utimesSync(folder, 1000, 1000);
  expect(jobStart(temp, created, kernel)).toBe(1_000_000 - minute);
});

it('is not known without the event file', () => {
  const { temp, event } = makeTemp();
  rmSync(event);
  expect(jobStart(temp, 0, kernel)).toEqual({ unknown: expect.stringContaining('event.json is missing') });
});

it('is that of the worker for containers, and unknown where none is visible', () => {
  expect(workerStart(1_000_000, kernel)).toBe(990_000);
  expect(workerStart(1_000_000, kernelTree({ 'proc/uptime': '10.00 1\n' }))).toBeUndefined();
});
