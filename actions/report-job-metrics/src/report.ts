import { escapeMarkdown, formatBytes, formatDuration, table } from '@runner-actions/core';
import { type Chart, toMermaid, toSparkline } from './chart.ts';
import type { Figures, Range, SamplerEnd } from './figures.ts';
import type { Settings } from './inputs.ts';
import type { Point } from './rates.ts';
import type { Series } from './sample.ts';

interface Reported {
  series: Series;
  figures: Figures;
  end: SamplerEnd;
}

/** The JSON report, with the whole series. */
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

/** What a reader should know before the figures, a sentence each. */
export function findings({ series, figures, end }: Reported): string[] {
  const last = series.samples.at(-1);
  const at = last === undefined ? 'the start' : `${new Date(last.wall).toISOString().slice(11, 19)} UTC`;
  const stalled = figures.stalls.reduce((sum, { from, to }) => sum + to - from, 0);
  const found: [boolean, string][] = [
    [end === 'lost', `Sampler stopped at ${at}: it was killed or could not run. The figures end there.`],
    [end === 'max-age', `Sampler stopped at ${at}, at its greatest age. The figures end there.`],
    [(figures.oomKills ?? 0) > 0, `The kernel killed ${figures.oomKills} process(es) for lack of memory.`],
    [
      figures.thrashSeconds >= 30,
      `Memory was thrashing for ${formatDuration(figures.thrashSeconds * 1000)}: all tasks waited for it.`,
    ],
    [
      stalled > 0,
      `No samples for ${formatDuration(stalled * 1000)} (suspended or hung); nothing is made up for that time.`,
    ],
    [
      (figures.throttledSeconds ?? 0) >= 1,
      `The CPU quota held tasks back for ${formatDuration((figures.throttledSeconds ?? 0) * 1000)}.`,
    ],
    [series.skipped > 0, `${series.skipped} unreadable line(s) of the series were left out.`],
  ];
  return [...found.filter(([applies]) => applies).map(([, sentence]) => sentence), ...series.head.notes];
}

/** The part of the job's summary. */
export function renderSummary(reported: Reported, charts: Settings['charts']): string {
  const { series, figures } = reported;
  const { head } = series;
  const cores = Number(head.cores.value.toFixed(2));
  // The series lies where the job can write.
  const [ofCores, ofMemory] = [head.cores, head.memory].map(({ source }) => escapeMarkdown(source));
  const limits = `${cores} CPUs (${ofCores}), ${formatBytes(head.memory.value)} of memory (${ofMemory})`;
  const duration = formatDuration(figures.durationSeconds * 1000);
  const blocks = [
    '### Job metrics',
    `${figures.samples} samples in ${duration}; limits: ${limits}.`,
    ...findings(reported).map((sentence) => `> ${escapeMarkdown(sentence)}`),
    renderTable(figures, charts === 'text'),
  ];
  if (charts === 'mermaid') {
    for (const chart of chartsOf(reported)) {
      const text = toMermaid(chart);
      if (text !== undefined) blocks.push(`\`\`\`mermaid\n${text}\n\`\`\``);
    }
  }
  return `${blocks.join('\n\n')}\n`;
}

type Row = [label: string, range: Range | undefined, format: (value: number) => string, key: keyof Point];

/** Shares are drawn of the whole, other figures of their largest value. */
function topOf(key: keyof Point): number | undefined {
  return key === 'cpu' || key === 'disk' || key.endsWith('Pressure') ? 1 : undefined;
}

function renderTable(figures: Figures, sparklines: boolean): string {
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const speed = (value: number): string => `${formatBytes(value)}/s`;
  const rows: Row[] = [
    ['CPU', figures.cpu, percent, 'cpu'],
    ['Memory', figures.memory, formatBytes, 'memoryBytes'],
    ['Fullest disk', figures.disk, percent, 'disk'],
    ['Received', figures.received, speed, 'receivedPerSecond'],
    ['Sent', figures.sent, speed, 'sentPerSecond'],
    ['Waiting for CPU', figures.cpuPressure, percent, 'cpuPressure'],
    ['Waiting for memory', figures.memoryPressure, percent, 'memoryPressure'],
    ['Waiting for disks', figures.ioPressure, percent, 'ioPressure'],
  ];
  const shown = rows.flatMap(([label, range, format, key]) => {
    if (range === undefined) return [];
    const cells = [label, format(range.min), format(range.mean), format(range.max)];
    return [sparklines ? [...cells, toSparkline(valuesOf(figures, key), topOf(key))] : cells];
  });
  return table(['', 'min', 'mean', 'max', ...(sparklines ? ['over time'] : [])], shown);
}

function valuesOf({ points }: Figures, key: keyof Point): number[] {
  return points.map((point) => point[key]).filter((value) => value !== undefined);
}

/** At most three: each is a frame of its own on the run's page. */
function chartsOf({ figures, series }: Reported): Chart[] {
  const seconds = figures.points.reduce((sum, point) => sum + point.seconds, 0);
  const scaled = (key: keyof Point, by: number): number[] =>
    valuesOf(figures, key).map((value) => value / by);
  const received = scaled('receivedPerSecond', 2 ** 20);
  const sent = scaled('sentPerSecond', 2 ** 20);
  const cores = Number(series.head.cores.value.toFixed(2));
  return [
    { title: `CPU, % of ${cores} CPUs`, unit: '%', values: scaled('cpu', 0.01), seconds, top: 100 },
    { title: 'Memory in use', unit: 'GiB', values: scaled('memoryBytes', 2 ** 30), seconds },
    {
      title: 'Network, received and sent',
      unit: 'MiB/s',
      values: received.map((value, index) => value + (sent[index] ?? 0)),
      seconds,
    },
  ];
}
