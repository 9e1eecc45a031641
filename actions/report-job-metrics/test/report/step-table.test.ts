import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/figures/figures.ts';
import { factsOf, type OwnJobFacts } from '../../src/figures/own-job-facts.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { jobOf, stepAt } from '../make-job.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';
import { drawChart } from '../mermaid.ts';

const series = seriesOf(
  [0, 2, 4, 6, 8].map((at) =>
    sampleAt(at, { ...busy(at, at * 4), memory: { usedBytes: at * 2 ** 30, totalBytes: 2 ** 34 } }),
  ),
);
const figures = summarise(series);
const factsWith = (steps: ReturnType<typeof stepAt>[]) => factsOf(jobOf({ steps }), series, figures);
const summaryOf = (job: OwnJobFacts, charts: 'mermaid' | 'text' | 'none' = 'mermaid') =>
  renderSummary({ series, figures, end: 'stopped', job }, charts);
const chartsIn = (text: string): string[] =>
  [...text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map((match) => match[1] ?? '');

const listed = [
  stepAt('Set up job', -3, -2),
  stepAt('npm ci', 0, 4),
  stepAt('skipped', 4, 4, 'skipped'),
  stepAt('a | @b', 4, 6, 'failure'),
  stepAt('short', 6, 6),
  stepAt('now', 6),
  stepAt('later'),
];

describe('the table of steps', () => {
  const text = summaryOf(factsWith(listed));

  it.each([
    '| mark | Step | when | from | took | of the job | CPU of all, mean | memory of all, max |',
    '|  | Set up job |  | before the first sample | 1 s | 9 % | n/a | n/a |',
    '| ▆ | npm ci | ████████████░░░░░░░░░░░░ | 0 s | 4 s | 36 % | 25 % | 4.0 GiB |',
    '|  | skipped |  | – | not run | – | – | – |',
    '| ▁ | a \\| @\u200bb | ░░░░░░░░░░░░██████░░░░░░ | 4 s | 2 s, failure | 18 % | 25 % | 6.0 GiB |',
    '|  | short | ░░░░░░░░░░░░░░░░░░▌░░░░░ | 6 s | 0 s | – | n/a | n/a |',
    '| ▆ | now | ░░░░░░░░░░░░░░░░░░██████ | 6 s | 2 s so far | 18 % | 25 % | 8.0 GiB |',
    '|  | later |  | – | not run yet | – | – | – |',
  ])('has a row for each step: %s', (row) => expect(text).toContain(row));

  it('is a sentence where GitHub lists no step', () => {
    expect(summaryOf(factsWith([]))).toContain('Steps: unknown, because GitHub lists none of this job.');
    expect(summaryOf(factsWith([]))).not.toContain('| Step |');
  });

  it('says how much of the job each kind of step took', () => {
    expect(text).toContain(
      "Of the job's time, by the names of its steps: install 36 % (4 s), other 36 % (4 s), set-up 9 % (1 s).",
    );
  });

  it('marks the steps at the bottom of each chart, alternately high and low', async () => {
    const charts = chartsIn(text);
    expect(charts).toHaveLength(2);
    for (const chart of charts) expect((await drawChart(chart)).bars).toEqual({ all: 4, high: 3 });
  });

  it('has neither marks nor timelines with charts: none, and no marks with charts: text', () => {
    expect(summaryOf(factsWith(listed), 'none')).toContain('| npm ci | 0 s | 4 s | 36 % | 25 % | 4.0 GiB |');
    expect(summaryOf(factsWith(listed), 'text')).toContain('| npm ci | ████████████░░░░');
  });

  it('shows parallel steps as shared, and their group as not counted', () => {
    const parallel = summaryOf(
      factsWith([stepAt('Parallel group', 0, 4), stepAt('A', 0, 4), stepAt('B', 0, 4)]),
    );
    expect(parallel).toMatch(
      /\| Parallel group \(the group\) \| █+░+ \| 0 s \| 4 s \| – \| 25 % \| 4.0 GiB \|/,
    );
    for (const name of ['A', 'B']) {
      expect(parallel).toMatch(
        new RegExp(
          `\\| ${name} \\(parallel\\) \\| █+░+ \\| 0 s \\| 4 s \\| 25 % \\| 25 %, shared \\| 4.0 GiB, shared \\|`,
        ),
      );
    }
  });

  it('shows why the steps are unknown, and draws no marks', async () => {
    const unknown = summaryOf({ unknown: 'no token was given' });
    expect(unknown).toContain('\nSteps: unknown, because no token was given.\n');
    expect((await drawChart(chartsIn(unknown)[0] ?? '')).bars.all).toBe(0);
  });

  it('cuts a long list of steps, and says so', () => {
    const many = Array.from({ length: 103 }, (_, index) => stepAt(`s${index}`));
    expect(summaryOf(factsWith(many))).toContain('And 3 more steps.');
  });

  it('shows a hostile name as text in one row, and draws the charts', async () => {
    const hostile = 'section: "x" | `y` <img>\n%% 😀 \u202e [z](http://e)';
    const shown = summaryOf(factsWith([stepAt(hostile, 0, 8)]));
    expect(shown.split('\n').filter((line) => line.includes('section'))).toHaveLength(1);
    expect(shown).toContain('section: "x" \\| \\`y\\` \\<img\\> %% 😀 \\u202e \\[z\\]\\(http:\u200b//e\\)');
    for (const chart of chartsIn(shown)) expect((await drawChart(chart)).lines).toHaveLength(1);
  });
});
