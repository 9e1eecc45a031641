import { describe, expect, it } from 'vitest';
import { type SamplerEnd, summarise } from '../../src/figures/figures.ts';
import { findings, makeReport } from '../../src/report/report.ts';
import type { Series } from '../../src/sampling/sample.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';
import { drawChart } from '../mermaid.ts';

function reported(series: Series, end: SamplerEnd = 'stopped') {
  return { series, figures: summarise(series), end };
}

const minute = seriesOf(
  Array.from({ length: 200 }, (_, index) =>
    sampleAt(index * 2, {
      ...busy(index * 4, index * 8),
      memory: { usedBytes: 2 ** 30 + index, totalBytes: 2 ** 34 },
      network: { receivedBytes: index * 1000, sentBytes: 0 },
    }),
  ),
);
const chartsIn = (text: string): string[] =>
  [...text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map((match) => match[1] ?? '');

describe('renderSummary', () => {
  it('draws at most three charts, with all lines and axes', async () => {
    const charts = chartsIn(renderSummary(reported(minute), 'mermaid'));
    expect(charts).toHaveLength(3);
    expect(charts[0]).toContain('50, 50');
    const drawn = await Promise.all(charts.map(drawChart));
    expect(drawn.map(({ lines }) => lines.length)).toEqual([1, 1, 2]);
    expect(drawn.flatMap(({ lines }) => lines).every(({ points }) => points === 60)).toBe(true);
    expect(drawn.map(({ xTitle, yTitle }) => `${xTitle}/${yTitle}`)).toEqual([
      ...['minutes/%', 'minutes/GiB', 'minutes/MiB/s'],
    ]);
    expect(drawn[0]?.yLabels).toContain('100');
    expect(drawn[1]?.yLabels).toContain('1.4');
    expect(drawn[0]?.xLabels.slice(0, 3)).toEqual(['0', '0.5', '1']);
  });

  it('shows sparklines with charts: text, and no graphics with charts: none', () => {
    const text = renderSummary(reported(minute), 'text');
    expect(text).toMatch(/\| CPU \| 50\.0 % .* \| ▅+ \|/);
    // One row for the job, and everything else is folded.
    const [shown = ''] = text.split('<details>');
    expect(shown).toMatch(/\| 50\.0 % \| ▅{30} \| 1\.0 GiB \| ▁{30} \| unknown \| 6 min 38 s \|\n+$/);
    const bare = renderSummary(reported(minute), 'none');
    expect(bare).not.toMatch(/[▁▅█]|mermaid/);
    expect(bare).toContain('| Memory | 1.0 GiB');
  });

  it('shows metrics but no chart for a job shorter than two intervals', () => {
    const series = seriesOf([sampleAt(0, busy(0, 0)), sampleAt(0.5, busy(1, 2))]);
    const text = renderSummary(reported(series), 'mermaid');
    expect(text).toContain('| CPU | 50.0 % | 50.0 % | 50.0 % |');
    expect(chartsIn(text)).toEqual([]);
  });
});

describe('findings', () => {
  it('say when and why the sampler stopped', () => {
    const series = seriesOf([sampleAt(0), sampleAt(2)]);
    expect(findings(reported(series, 'lost'))[0]).toMatch(/^Sampler stopped at 03:04:07 UTC: it was killed/);
    expect(findings(reported(series, 'max-age'))[0]).toContain('maximum run time');
    expect(findings(reported(series))).toEqual([]);
  });

  it('name killed processes, stalls, skipped lines and what the platform cannot measure', () => {
    const killed = [sampleAt(0, { cgroup: { oomKills: 0 } }), sampleAt(60, { cgroup: { oomKills: 2 } })];
    const series = { ...seriesOf(killed, { notes: ['No pressure.'] }), skipped: 1 };
    expect(findings(reported(series))).toEqual([
      "The kernel killed 2 process(es) because memory ran out. Whether they were this job's is unknown.",
      'No samples for 1 min 0 s (the machine was suspended or hung). The metrics leave this time out.',
      '1 unreadable line(s) of the series were skipped.',
      'No pressure.',
    ]);
  });
});

it('makeReport returns the whole series as JSON', () => {
  const report = JSON.parse(JSON.stringify(makeReport(reported(minute)))) as { points: unknown[] };
  expect(report.points).toHaveLength(199);
  expect(report).toMatchObject({ version: 1, end: 'stopped', summary: { samples: 200 } });
});
