import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/figures/figures.ts';
import { type JobSteps, ownJob, stepsOf } from '../../src/figures/steps.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';
import { mermaidError } from '../mermaid-parser.ts';

const start = sampleAt(0).wall;
const step = (name: string, from?: number, to?: number, conclusion?: string) => ({
  ...{ name, number: 1, conclusion },
  startedAt: from === undefined ? undefined : start + from * 1000,
  completedAt: to === undefined ? undefined : start + to * 1000,
});
const series = seriesOf(
  [0, 2, 4, 6, 8].map((at) =>
    sampleAt(at, { ...busy(at, at * 4), memory: { usedBytes: at * 2 ** 30, totalBytes: 2 ** 34 } }),
  ),
);
const listed = [
  step('Set up job', -3, -2, 'success'),
  step('install', 0, 4, 'success'),
  step('skipped', 4, 4, 'skipped'),
  step('a | @b', 4, 6, 'failure'),
  step('short', 6, 6, 'success'),
  step('now', 6),
  step('later'),
];

function summaryOf(steps: JobSteps): string {
  return renderSummary({ series, figures: summarise(series), end: 'stopped' }, 'mermaid', steps);
}

describe('renderSummary: steps', () => {
  const text = summaryOf(stepsOf({ steps: listed }, series));

  it.each([
    '|  | Set up job | before the first sample | 1 s | – | – |',
    '| ▆ | install | 0 s | 4 s | 25 % | 4.0 GiB |',
    '|  | skipped | – | not run | – | – |',
    '| ▁ | a \\| @\u200bb | 4 s | 2 s, failure | 25 % | 6.0 GiB |',
    '|  | short | 6 s | 0 s | – | – |',
    '| ▆ | now | 6 s | 2 s so far | 25 % | 8.0 GiB |',
    '|  | later | – | not run yet | – | – |',
  ])('shows each step in a row: %s', (row) => expect(text).toContain(row));

  it('marks the steps at the bottom of each chart, alternately high and low', async () => {
    const charts = [...text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map((match) => match[1] ?? '');
    expect(charts[0]).toContain('bar [4, 4, 0, 4]\n    line [25, 25, 25, 25]');
    expect(charts[1]).toContain('bar [0.64, 0.64, 0, 0.64]');
    for (const chart of charts) expect(await mermaidError(chart)).toBeUndefined();
  });

  it('shows why the steps are unknown, and draws no marks', () => {
    const unknown = summaryOf({ unknown: 'no token was given' });
    expect(unknown).toContain('\nSteps: unknown, because no token was given.\n');
    expect(unknown).not.toContain('    bar [');
  });

  it('cuts a long list of steps, and says so', () => {
    const many = Array.from({ length: 63 }, (_, index) => ({ name: `s${index}` }));
    expect(summaryOf(many)).toContain('And 3 more steps.');
  });
});

it('ownJob returns the only job in progress on the runner, and nothing if there is not exactly one', () => {
  const job = (runnerName: string, status = 'in_progress') => ({
    ...{ id: 1, name: 'build', status, conclusion: undefined, labels: [], runnerId: 1, runnerName },
    ...{ runnerGroup: undefined, createdAt: 0, startedAt: 0, completedAt: undefined, steps: [] },
  });
  const own = job('mine');
  expect(ownJob([job('other'), job('mine', 'completed'), own], 'mine')).toBe(own);
  expect(ownJob([own, job('mine')], 'mine')).toBeUndefined();
  expect(ownJob([], 'mine')).toBeUndefined();
});
