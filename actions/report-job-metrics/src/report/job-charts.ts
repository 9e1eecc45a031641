import { formatBytes } from '@runner-actions/core';
import type { Point } from '../figures/points.ts';
import { type Chart, colours } from './chart.ts';
import type { Reported } from './report.ts';
import type { Marks } from './step-table.ts';

/** Returns the charts, at most three, because each is a frame of its own on the run's page. */
export function chartsOf({ figures, series }: Reported, marks: Marks): Chart[] {
  const { points } = figures;
  const { cores, memory } = series.head;
  const [unit, bytes] = memory.value < 2 ** 30 ? ['MiB', 2 ** 20] : ['GiB', 2 ** 30];
  const [cpu, memoryKeys] = [
    withJob(points, 'jobCpu', 'cpu'),
    withJob(points, 'jobMemoryBytes', 'memoryBytes'),
  ];
  const limit = memory.source === 'cgroup' ? 'limit' : 'machine';
  const whose = (keys: readonly string[]): string =>
    keys.length === 1 ? '' : ` - this job (${colours[0].name}), all (${colours[1].name})`;
  return [
    {
      title: `CPU, % of ${Number(cores.value.toFixed(2))} CPUs${whose(cpu)}`,
      ...{ unit: '%', top: 100 },
      ...draw(points, marks, 0.01, cpu),
    },
    {
      title: `Memory in use, ${limit}: ${formatBytes(memory.value)}${whose(memoryKeys)}`,
      ...{ unit, top: topOf(figures.memory?.max ?? 0, memory.value) / bytes },
      ...draw(points, marks, bytes, memoryKeys),
    },
    ...(figures.networkBytes === undefined || figures.networkBytes === 0
      ? []
      : [
          {
            ...{ title: `Network: received (${colours[0].name}), sent (${colours[1].name})`, unit: 'MiB/s' },
            ...draw(points, marks, 2 ** 20, ['receivedPerSecond', 'sentPerSecond']),
          },
        ]),
  ];
}

/** Returns the top of the axis: the limit, unless the lines would then lie flat at the bottom. */
function topOf(most: number, limit: number): number {
  return most > limit / 3 ? Math.max(limit, most) : most * 1.5;
}

/** Adds the job's line if it is known for most points that have the machine's. The chart shows only points with both. */
function withJob(points: readonly Point[], job: keyof Point, all: keyof Point): (keyof Point)[] {
  const measured = points.filter((point) => point[all] !== undefined);
  const known = measured.filter((point) => point[job] !== undefined);
  return known.length * 2 > measured.length ? [job, all] : [all];
}

function draw(points: readonly Point[], { high, ofStep }: Marks, by: number, keys: readonly (keyof Point)[]) {
  // Drop points that lack one of the values. Otherwise the lines would shift in time.
  const known = points.map((point) => keys.every((key) => point[key] !== undefined));
  const shown = points.filter((_point, index) => known[index]);
  const lines = keys.map((key) => shown.map((point) => (point[key] ?? 0) / by));
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0);
  return { lines, seconds, marks: ofStep.size === 0 ? [] : high.filter((_high, index) => known[index]) };
}
