import { formatBytes, formatDuration, table } from '@runner-actions/core';
import type { Figures, Range } from '../figures/figures.ts';
import { sharesOf } from '../figures/fullest-disk.ts';
import type { Point } from '../figures/points.ts';
import { toSparkline } from './chart.ts';
import { nameOfDisk } from './lead-sentences.ts';
import type { Reported } from './report.ts';
import { percent, percentOfDf } from './wording.ts';

interface Row {
  label: string;
  range: Range | undefined;
  format: (value: number) => string;
  values: number[];
  /** Top of the sparkline: 1 for shares. Default: the largest value. */
  top?: number;
  /** Whether the row is left out without a word if it is unknown: another line tells. */
  quiet?: true;
}

/** Renders a row for each metric, and a line that names the unknown ones. */
export function renderMetrics(reported: Reported, sparklines: boolean): string {
  const rows = rowsOf(reported);
  const shown = rows.flatMap(({ label, range, format, values, top }) => {
    if (range === undefined) return [];
    const cells = [label, format(range.min), format(range.mean), format(range.max)];
    return [sparklines ? [...cells, toSparkline(values, top)] : cells];
  });
  const missing = rows.filter(({ range, quiet }) => range === undefined && !quiet).map(({ label }) => label);
  const rest = missing.length === 0 ? '' : `\nUnknown: ${missing.join(', ')}.\n`;
  return table(['', 'min', 'mean', 'max', ...(sparklines ? ['over time'] : [])], shown) + rest;
}

/** Renders the whole job in one row, for a page that shows many jobs: its own use if that is known. */
export function renderOneRow({ figures, series }: Reported): string {
  const { jobCpu, jobMemory, durationSeconds } = figures;
  const cpu = jobCpu ?? figures.cpu;
  const memory = jobMemory ?? figures.memory;
  const [ofCpu, ofMemory] = [jobCpu, jobMemory].map((own) => (own === undefined ? '' : ' of this job'));
  const memoryKey = jobMemory === undefined ? 'memoryBytes' : 'jobMemoryBytes';
  const disk = diskRow({ figures, series }).range;
  const cells: [string, string | undefined][] = [
    [`CPU${ofCpu}, mean`, cpu && percent(cpu.mean)],
    ['over time', toSparkline(valuesOf(figures, jobCpu === undefined ? 'cpu' : 'jobCpu'), 1)],
    [`Memory${ofMemory}, max`, memory && formatBytes(memory.max)],
    ['over time', toSparkline(valuesOf(figures, memoryKey), series.head.memory.value)],
    ['Disk, max', disk && percentOfDf(disk.max)],
    ['Measured', formatDuration(durationSeconds * 1000)],
  ];
  return table(
    cells.map(([title]) => title),
    [cells.map(([, text]) => text ?? 'unknown')],
  );
}

function rowsOf({ figures, series }: Reported): Row[] {
  const speed = (value: number): string => `${formatBytes(value)}/s`;
  const share = (label: string, range: Range | undefined, key: keyof Point): Row => {
    return { label, range, format: percent, values: valuesOf(figures, key), top: 1 };
  };
  const bytes = (label: string, range: Range | undefined, key: keyof Point): Row => {
    const values = valuesOf(figures, key);
    return { label, range, format: formatBytes, values, top: series.head.memory.value };
  };
  const rate = (label: string, range: Range | undefined, key: keyof Point): Row => {
    return { label, range, format: speed, values: valuesOf(figures, key) };
  };
  return [
    { ...share('CPU, this job', figures.jobCpu, 'jobCpu'), quiet: true },
    share('CPU', figures.cpu, 'cpu'),
    { ...bytes('Memory, this job', figures.jobMemory, 'jobMemoryBytes'), quiet: true },
    bytes('Memory', figures.memory, 'memoryBytes'),
    diskRow({ figures, series }),
    rate('Read from disks', figures.read, 'readPerSecond'),
    rate('Written to disks', figures.written, 'writtenPerSecond'),
    rate('Received', figures.received, 'receivedPerSecond'),
    rate('Sent', figures.sent, 'sentPerSecond'),
    share('Waiting for CPU', figures.cpuPressure, 'cpuPressure'),
    share('Waiting for memory', figures.memoryPressure, 'memoryPressure'),
    share('Waiting for disks', figures.ioPressure, 'ioPressure'),
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
  const min = values.reduce((least, value) => Math.min(least, value), Infinity);
  const max = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return {
    label: `Disk ${nameOfDisk(disk)}`,
    ...{ range: { min, mean, max }, format: percentOfDf },
    ...{ values, top: 1 },
  };
}

function valuesOf({ points }: Pick<Figures, 'points'>, key: keyof Point): number[] {
  return points.map((point) => point[key]).filter((value) => value !== undefined);
}
