import { codeSpan, escapeMarkdown, formatBytes, formatDuration, table } from '@runner-actions/core';
import { type Chart, colours, toMermaid, toSparkline } from './chart.ts';
import type { Figures, Range } from '../figures/figures.ts';
import { type FullestDisk, sharesOf } from '../figures/fullest-disk.ts';
import type { Settings } from '../inputs.ts';
import type { Point } from '../figures/points.ts';
import { findings, type Reported } from './report.ts';
import { type Marks, marksOf, renderSteps } from './step-table.ts';
import type { JobSteps } from '../figures/steps.ts';

/** Renders this action's part of the job summary. */
export function renderSummary(reported: Reported, charts: Settings['charts'], steps?: JobSteps): string {
  const { series, figures } = reported;
  const { head } = series;
  const cores = Number(head.cores.value.toFixed(2));
  // The job can write to the series file, so escape its texts.
  const [ofCores, ofMemory] = [head.cores, head.memory].map(({ source }) => escapeMarkdown(source));
  const limits = `${cores} CPUs (${ofCores}), ${formatBytes(head.memory.value)} of memory (${ofMemory})`;
  const duration = formatDuration(figures.durationSeconds * 1000);
  const blocks = [
    '### Job metrics',
    `${figures.samples} samples in ${duration}; limits: ${limits}.`,
    ...findings(reported).map((sentence) => `> ${escapeMarkdown(sentence)}`),
    usageSentences(reported)
      .map((sentence) => `- ${sentence}`)
      .join('\n'),
    renderTable(reported, charts === 'text'),
  ];
  const marks = marksOf(steps ?? [], figures.points);
  if (charts === 'mermaid') {
    for (const chart of chartsOf(reported, marks)) {
      const text = toMermaid(chart);
      if (text !== undefined) blocks.push(`\`\`\`mermaid\n${text}\n\`\`\``);
    }
  }
  if (steps !== undefined) blocks.push(renderSteps(steps, figures.points, marks));
  return `${blocks.join('\n\n')}\n`;
}

/** Returns sentences that compare the usage with the limits, as Markdown. They also name what is unknown. */
function usageSentences({ series, figures }: Reported): string[] {
  const { memory, fullestDisk, receivedBytes, sentBytes } = figures;
  const limit = series.head.memory;
  const whose = limit.source === 'cgroup' ? 'that its cgroup or container may use' : 'that the machine has';
  return [
    memory === undefined
      ? 'Memory: usage unknown.'
      : `Memory: at most ${formatBytes(memory.max)} in use, ${percent(memory.max / limit.value)} of the ${formatBytes(limit.value)} ${whose}.`,
    fullestDisk === undefined ? 'Fullest disk: unknown.' : diskSentence(fullestDisk),
    receivedBytes === undefined || sentBytes === undefined
      ? 'Network: traffic unknown.'
      : `Network: ${formatBytes(receivedBytes)} received, ${formatBytes(sentBytes)} sent.`,
  ];
}

function diskSentence(disk: FullestDisk): string {
  const { totalBytes, usedBytes, availableBytes } = disk;
  const [total, used, left] = [totalBytes, usedBytes, availableBytes].map(formatBytes);
  const share = percentOfDf(usedBytes / (usedBytes + availableBytes));
  return `Fullest disk: ${nameOf(disk)}, ${share} full as \`df\` counts: ${used} of ${total} used, ${left} available.`;
}

function nameOf({ mountPoint, path }: FullestDisk): string {
  return mountPoint === undefined ? `the one of ${codeSpan(path)}` : codeSpan(mountPoint);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Formats a percentage rounded up, as `df` does. Removes floating-point errors first. */
function percentOfDf(share: number): string {
  return `${Math.ceil(Number((share * 100).toFixed(9)))} %`;
}

interface Row {
  label: string;
  range: Range | undefined;
  format: (value: number) => string;
  values: number[];
  /** Top of the sparkline: 1 for shares. Default: the largest value. */
  top?: number;
}

function renderTable(reported: Reported, sparklines: boolean): string {
  const rows = rowsOf(reported);
  const shown = rows.flatMap(({ label, range, format, values, top }) => {
    if (range === undefined) return [];
    const cells = [label, format(range.min), format(range.mean), format(range.max)];
    return [sparklines ? [...cells, toSparkline(values, top)] : cells];
  });
  const missing = rows.filter(({ range }) => range === undefined).map(({ label }) => label);
  const rest = missing.length === 0 ? '' : `\nUnknown: ${missing.join(', ')}.\n`;
  return table(['', 'min', 'mean', 'max', ...(sparklines ? ['over time'] : [])], shown) + rest;
}

function rowsOf({ figures, series }: Reported): Row[] {
  const speed = (value: number): string => `${formatBytes(value)}/s`;
  const of = (key: keyof Point): number[] => valuesOf(figures, key);
  const { cpu, memory, received, sent, cpuPressure, memoryPressure, ioPressure } = figures;
  return [
    { label: 'CPU', range: cpu, format: percent, values: of('cpu'), top: 1 },
    {
      ...{ label: 'Memory', range: memory, format: formatBytes },
      ...{ values: of('memoryBytes'), top: series.head.memory.value },
    },
    diskRow({ figures, series }),
    { label: 'Received', range: received, format: speed, values: of('receivedPerSecond') },
    { label: 'Sent', range: sent, format: speed, values: of('sentPerSecond') },
    { label: 'Waiting for CPU', range: cpuPressure, format: percent, values: of('cpuPressure'), top: 1 },
    {
      ...{ label: 'Waiting for memory', range: memoryPressure, format: percent },
      ...{ values: of('memoryPressure'), top: 1 },
    },
    { label: 'Waiting for disks', range: ioPressure, format: percent, values: of('ioPressure'), top: 1 },
  ];
}

/** Returns the row of the fullest disk, the same disk as in the sentence above. */
function diskRow({ figures, series }: Pick<Reported, 'figures' | 'series'>): Row {
  const disk = figures.fullestDisk;
  const label = 'Fullest disk';
  if (disk === undefined) return { label, range: undefined, format: percentOfDf, values: [] };
  const shares = sharesOf(series.samples, disk.path);
  const values = shares.map(({ share }) => share);
  const seconds = shares.reduce((sum, one) => sum + one.seconds, 0);
  const weighted = shares.reduce((sum, one) => sum + one.share * one.seconds, 0);
  const mean = seconds > 0 ? weighted / seconds : (values[0] ?? 0);
  return {
    label: `Disk ${nameOf(disk)}`,
    ...{ range: { min: Math.min(...values), mean, max: Math.max(...values) }, format: percentOfDf },
    ...{ values, top: 1 },
  };
}

function valuesOf({ points }: Figures, key: keyof Point): number[] {
  return points.map((point) => point[key]).filter((value) => value !== undefined);
}

/** Returns the charts, at most three, because each is a frame of its own on the run's page. */
function chartsOf({ figures, series }: Reported, { high, ofStep }: Marks): Chart[] {
  const { cores, memory } = series.head;
  const [unit, bytes] = memory.value < 2 ** 30 ? ['MiB', 2 ** 20] : ['GiB', 2 ** 30];
  const whose = memory.source === 'cgroup' ? 'limit' : 'machine';
  const draw = (by: number, ...keys: (keyof Point)[]) => {
    // Drop points that lack one of the values. Otherwise the lines would shift in time.
    const known = figures.points.map((point) => keys.every((key) => point[key] !== undefined));
    const points = figures.points.filter((_point, index) => known[index]);
    const lines = keys.map((key) => points.map((point) => (point[key] ?? 0) / by));
    const seconds = figures.points.reduce((sum, point) => sum + point.seconds, 0);
    return { lines, seconds, marks: ofStep.size === 0 ? [] : high.filter((_high, index) => known[index]) };
  };
  return [
    {
      ...{ title: `CPU, % of ${Number(cores.value.toFixed(2))} CPUs`, unit: '%', top: 100 },
      ...draw(0.01, 'cpu'),
    },
    {
      ...{ title: `Memory in use, ${whose}: ${formatBytes(memory.value)}`, unit },
      ...{ top: Math.max(memory.value, figures.memory?.max ?? 0) / bytes },
      ...draw(bytes, 'memoryBytes'),
    },
    {
      ...{ title: `Network: received (${colours[0].name}), sent (${colours[1].name})`, unit: 'MiB/s' },
      ...draw(2 ** 20, 'receivedPerSecond', 'sentPerSecond'),
    },
  ];
}
