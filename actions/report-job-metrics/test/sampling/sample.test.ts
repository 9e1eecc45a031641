import { expect, it } from 'vitest';
import { parseSeries } from '../../src/sampling/sample.ts';
import { sampleAt, seriesOf } from '../make-series.ts';

const head = JSON.stringify(seriesOf([]).head);
const line = (seconds: number): string => JSON.stringify(sampleAt(seconds));

it('parseSeries skips incomplete lines anywhere in the file', () => {
  const series = parseSeries(
    `${head}\n${line(0)}\n${line(2).slice(0, 30)}\n${line(4)}\n${line(6).slice(0, 9)}`,
  );
  expect(series?.samples).toHaveLength(2);
  expect(series?.skipped).toBe(2);
});

it('parseSeries orders samples by the monotonic clock, not by the time of day', () => {
  const series = parseSeries(`${head}\n${line(4)}\n${line(0)}\n`);
  expect(series?.samples.map(({ monotonic }) => monotonic)).toEqual([5_000, 9_000]);
});

it.each([
  ['of another time', sampleAt(1e9)],
  ['from before the series', sampleAt(-4)],
  ['with a time that is no date', { ...sampleAt(2), wall: 1e300 }],
  ['with a negative counter', sampleAt(2, { network: { receivedBytes: -1, sentBytes: 0 } })],
  ['with a text in the place of a number', { ...sampleAt(2), memory: { usedBytes: '1', totalBytes: 2 } }],
  ['without disks', { ...sampleAt(2), disks: null }],
  ['with a process without a name', { ...sampleAt(2), job: { source: 'processes', heaviest: [{}] } }],
  ['with a number that no machine has', sampleAt(2, { network: { receivedBytes: 1e308, sentBytes: 0 } })],
  ['that is too long', { ...sampleAt(2), padding: 'x'.repeat(40_000) }],
  ['that is a list', [sampleAt(2)]],
  ['that is null', null],
])('parseSeries skips only a line %s', (_case, foreign) => {
  const opened = JSON.stringify({ ...seriesOf([]).head, monotonic: 5_000 });
  const lines = [opened, line(0), JSON.stringify(foreign), line(4)];
  const series = parseSeries(`${lines.join('\n')}\n`, 100_000);
  expect(series?.samples.map(({ monotonic }) => monotonic)).toEqual([5_000, 9_000]);
  expect(series?.skipped).toBe(1);
});

it.each(['', 'null\n', '{"version":2}\n', '{"version":1'])(
  'parseSeries rejects a file with the head %j',
  (text) => {
    expect(parseSeries(text)).toBeUndefined();
  },
);

it('parseSeries keeps only what it knows of a line', () => {
  const kill = { name: 'a', ofJob: true, more: [[[]]] };
  const odd = { ...sampleAt(0, { kills: [kill] }), more: { deep: {} } };
  const series = parseSeries(`${head}\n${JSON.stringify(odd)}\n`);
  expect(series?.samples).toEqual([sampleAt(0, { kills: [{ name: 'a', ofJob: true }] })]);
});

it('parseSeries reads at most as many samples as a job of five days has', () => {
  const series = parseSeries(`${head}\n${`${line(0)}\n`.repeat(40_001)}`);
  expect(series?.samples).toHaveLength(40_000);
  expect(series?.skipped).toBe(1);
});

it.each([
  ['no CPUs', { cores: { value: 0, source: 'machine' } }],
  ['less than no CPUs', { cores: { value: -4, source: 'machine' } }],
  ['no memory', { memory: { value: 0, source: 'machine' } }],
  ['an endless note', { notes: ['x'.repeat(2_000)] }],
  ['another source', { memory: { value: 1, source: '<b>' } }],
])('parseSeries rejects a head with %s', (_case, change) => {
  expect(parseSeries(`${JSON.stringify({ ...seriesOf([]).head, ...change })}\n`)).toBeUndefined();
});
