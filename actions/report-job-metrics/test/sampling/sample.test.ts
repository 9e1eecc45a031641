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

it.each(['', 'null\n', '{"version":2}\n', '{"version":1'])(
  'parseSeries rejects a file with the head %j',
  (text) => {
    expect(parseSeries(text)).toBeUndefined();
  },
);
