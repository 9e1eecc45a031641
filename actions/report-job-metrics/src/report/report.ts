import { formatDuration } from '@runner-actions/core';
import type { Figures, SamplerEnd } from '../figures/figures.ts';
import type { Series } from '../sampling/sample.ts';

export interface Reported {
  series: Series;
  figures: Figures;
  end: SamplerEnd;
}

/** Builds the JSON report, with the whole series. */
export function makeReport({ series, figures, end }: Reported): unknown {
  const { points, stalls, ...summary } = figures;
  const { head, skipped, samples } = series;
  const wall = (index: number): string | undefined => {
    const sample = samples.at(index);
    return sample && new Date(sample.wall).toISOString();
  };
  const times = { started: wall(0), ended: wall(-1) };
  return {
    version: 1,
    ...times,
    machine: head,
    end,
    skipped,
    summary,
    findings: findings({ series, figures, end }),
    stalls,
    points,
  };
}

/** Returns sentences about problems that a reader should know before the metrics. */
export function findings({ series, figures, end }: Reported): string[] {
  const last = series.samples.at(-1);
  const at = last === undefined ? 'the start' : `${new Date(last.wall).toISOString().slice(11, 19)} UTC`;
  const stalled = figures.stalls.reduce((sum, { from, to }) => sum + to - from, 0);
  const found: [boolean, string][] = [
    [end === 'lost', `Sampler stopped at ${at}: it was killed or could not run. The metrics end there.`],
    [end === 'max-age', `Sampler stopped at ${at}, after its maximum run time. The metrics end there.`],
    [
      (figures.oomKills ?? 0) > 0,
      `The kernel killed ${figures.oomKills} process(es) because memory ran out.`,
    ],
    [
      figures.thrashSeconds >= 30,
      `Memory was thrashing for ${formatDuration(figures.thrashSeconds * 1000)}: all tasks waited for memory.`,
    ],
    [
      stalled > 0,
      `No samples for ${formatDuration(stalled * 1000)} (the machine was suspended or hung). The metrics leave this time out.`,
    ],
    [
      (figures.throttledSeconds ?? 0) >= 1,
      `The CPU quota throttled tasks for ${formatDuration((figures.throttledSeconds ?? 0) * 1000)}.`,
    ],
    [series.skipped > 0, `${series.skipped} unreadable line(s) of the series were skipped.`],
  ];
  return [...found.filter(([applies]) => applies).map(([, sentence]) => sentence), ...series.head.notes];
}
