import { formatDuration } from '@runner-actions/core';
import { contentionOf } from '../figures/contention.ts';
import type { Figures, SamplerEnd } from '../figures/figures.ts';
import { gpusOf } from '../figures/gpus.ts';
import { heaviestProcesses } from '../figures/heaviest.ts';
import { killsOf } from '../figures/kills.ts';
import { notesOf } from '../figures/notes.ts';
import type { OwnJobFacts } from '../figures/own-job-facts.ts';
import { whoseUse } from '../figures/whose-use.ts';
import type { CacheUse } from '../cache/cache-use.ts';
import { type Comparison, comparisonProblems, qualitySentence } from '../comparison/comparison.ts';
import { costNotes, type JobCost, reportedCost } from '../cost/job-cost.ts';
import type { Series } from '../sampling/sample.ts';
import { killSentences } from './kill-sentences.ts';

export interface Reported {
  series: Series;
  figures: Figures;
  end: SamplerEnd;
  /** What GitHub says about the job. */
  job?: OwnJobFacts;
  /** When the job started, in milliseconds since 1970, and how long it ran. */
  time?: { startedAt: number; milliseconds: number };
  /** Omitted if it could not be computed. */
  cost?: JobCost;
  /** Omitted if no step used a cache. */
  cache?: CacheUse;
  /** Omitted if no comparison was asked for. */
  comparison?: Comparison;
}

/** A report of which the time is known. */
export type TimedReport = Reported & Required<Pick<Reported, 'time'>>;

/** Builds the JSON report, with the whole series. What is unknown is omitted. */
export function makeReport(reported: Reported): unknown {
  const { series, figures, end, job } = reported;
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
    use: whoseUse(points, series),
    ...(job === undefined ? {} : githubPart(job)),
    ...(reported.time === undefined ? {} : { durationSeconds: reported.time.milliseconds / 1000 }),
    ...(reported.cost === undefined ? {} : { cost: reportedCost(reported.cost) }),
    ...(reported.cache === undefined ? {} : { cache: reported.cache }),
    ...(reported.comparison === undefined ? {} : { comparison: reported.comparison }),
    processes: heaviestProcesses(samples),
    gpus: gpusOf(samples),
    contention: contentionOf(points),
    kills: killsOf(samples, figures.oomKills),
    findings: findings(reported),
    stalls,
    points,
  };
}

function githubPart(job: OwnJobFacts): Record<string, unknown> {
  if ('unknown' in job) return { stepsUnknown: job.unknown };
  const { queue, steps, use } = job;
  return {
    queueSeconds: queue?.seconds,
    steps: steps.map((step, index) => ({ ...step, ...use.steps[index] })),
    stepsWhose: use.whose,
    stepKinds: use.kinds,
  };
}

/** Returns all that a reader should know besides the numbers, as plain sentences. */
export function findings(reported: Reported): string[] {
  return [...problems(reported), ...notes(reported)];
}

/** Returns sentences about problems of the job. */
export function problems({ series, figures, end, comparison }: Reported): string[] {
  const last = series.samples.at(-1);
  const at = last === undefined ? 'the start' : `${new Date(last.wall).toISOString().slice(11, 19)} UTC`;
  const stalled = figures.stalls.reduce((sum, { from, to }) => sum + to - from, 0);
  const throttled = figures.throttledSeconds ?? 0;
  const found: [boolean, string][] = [
    [
      end === 'lost',
      `Sampler stopped at ${at}: it was killed, could not run, or could not write. The metrics end there.`,
    ],
    [end === 'max-age', `Sampler stopped at ${at}, after its maximum run time. The metrics end there.`],
    [
      figures.thrashSeconds >= 30,
      `Memory was thrashing for ${formatDuration(figures.thrashSeconds * 1000)}: all tasks waited for memory.`,
    ],
    [
      stalled > 0,
      `No samples for ${formatDuration(stalled * 1000)} (the machine was suspended or hung). The metrics leave this time out.`,
    ],
    [throttled >= 1, `The CPU quota throttled tasks for ${formatDuration(throttled * 1000)}.`],
  ];
  return [
    ...comparisonProblems(comparison),
    ...killSentences(killsOf(series.samples, figures.oomKills)),
    ...found.filter(([applies]) => applies).map(([, sentence]) => sentence),
  ];
}

/** Returns sentences about what could not be measured. */
export function notes({
  series,
  comparison,
  cost,
}: Pick<Reported, 'series' | 'comparison' | 'cost'>): string[] {
  const { head, samples, skipped } = series;
  const quality = [qualitySentence(comparison)].filter((sentence) => sentence !== undefined);
  const lines = skipped > 0 ? [`${skipped} unreadable line(s) of the series were skipped.`] : [];
  return [
    ...new Set([
      ...lines,
      ...head.notes,
      ...notesOf(samples),
      ...quality,
      ...(cost === undefined ? [] : costNotes(cost)),
    ]),
  ];
}
