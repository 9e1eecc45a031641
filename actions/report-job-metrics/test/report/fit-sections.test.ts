import { expect, it } from 'vitest';
import { summarise } from '../../src/figures/figures.ts';
import { joinSections } from '../../src/report/fit-sections.ts';
import { renderSummary } from '../../src/report/summary.ts';
import type { NamedUse } from '../../src/sampling/sample.ts';
import { factsOf } from '../../src/figures/own-job-facts.ts';
import { jobOf, stepAt } from '../make-job.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';

it('leaves out details first, the last one first, and says so', () => {
  const sections = [
    { text: 'numbers' },
    { text: 'x'.repeat(50), detail: 'a chart' },
    { text: 'y'.repeat(50), detail: 'the steps' },
    { text: 'note' },
  ];
  expect(joinSections(sections, 1000)).toBe(`numbers\n\n${'x'.repeat(50)}\n\n${'y'.repeat(50)}\n\nnote\n`);
  expect(joinSections(sections, 80)).toBe(
    `numbers\n\n${'x'.repeat(50)}\n\nnote\n\n_Left out, because the summary would be too long: the steps. The report has everything._\n`,
  );
  expect(joinSections(sections, 10)).toContain('numbers\n\nnote\n\n_Left out, because');
});

it('stays far below the limit with the longest names that anybody can choose', () => {
  const long = '😀|`'.repeat(5_000);
  const heaviest = Array.from({ length: 50 }, (_, index): NamedUse => ({
    ...{ name: `${index}${long}`, cpuSeconds: index, memoryBytes: index },
  }));
  const job = { source: 'processes' as const, cpuSeconds: 1, memoryBytes: 1, processes: 1, heaviest };
  const gpus = Array.from({ length: 50 }, (_, index) => ({ index, name: long }));
  const kills = Array.from({ length: 50 }, () => ({ name: long, ofJob: true }));
  const series = seriesOf(
    Array.from({ length: 300 }, (_, at) =>
      sampleAt(at * 2, { ...busy(at, at), job, gpus, kills, notes: [long] }),
    ),
  );
  const figures = summarise(series);
  const steps = Array.from({ length: 5_000 }, (_, index) =>
    stepAt(`${index}${long}`, index, index + 1, long),
  );
  const facts = factsOf(jobOf({ steps }), series, figures);
  for (const charts of ['mermaid', 'text', 'none'] as const) {
    const text = renderSummary({ series, figures, end: 'stopped', job: facts }, charts);
    expect(Buffer.byteLength(text)).toBeLessThan(300 * 1024);
  }
});
