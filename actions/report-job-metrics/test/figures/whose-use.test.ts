import { describe, expect, it } from 'vitest';
import { contentionOf } from '../../src/figures/contention.ts';
import { summarise } from '../../src/figures/figures.ts';
import { gpusOf } from '../../src/figures/gpus.ts';
import { isOnJob, notesOf } from '../../src/figures/notes.ts';
import type { Point } from '../../src/figures/points.ts';
import { whoseUse } from '../../src/figures/whose-use.ts';
import { sampleAt, seriesOf } from '../make-series.ts';

const pointsOf = (values: readonly Partial<Point>[]): Point[] =>
  values.map((value, index) => ({ at: 2 * (index + 1), seconds: 2, ...value }));
const series = seriesOf([], { cores: { value: 8, source: 'machine' } });

describe('whoseUse', () => {
  it('divides CPUs and memory between the job and others', () => {
    const points = pointsOf([
      { cpu: 0.5, jobCpu: 0.25, memoryBytes: 10, jobMemoryBytes: 4 },
      { cpu: 1, jobCpu: 0.5, memoryBytes: 12, jobMemoryBytes: 8 },
    ]);
    expect(whoseUse(points, series)).toEqual({
      cpu: { job: 3, jobMost: 4, others: 3 },
      memory: { jobBytes: 6, jobMostBytes: 8, othersBytes: 5 },
    });
  });

  it('gives others at least 0, and leaves out what is unknown', () => {
    expect(whoseUse(pointsOf([{ cpu: 0.1, jobCpu: 0.2 }, { cpu: 1 }]), series)).toEqual({
      cpu: { job: 1.6, jobMost: 1.6, others: 0 },
    });
    expect(whoseUse(pointsOf([{ cpu: 1 }, { jobCpu: 1 }]), series)).toEqual({});
  });
});

describe('contentionOf', () => {
  it('compares the waiting with and without other jobs', () => {
    const points = pointsOf([
      { neighbours: 0, cpuPressure: 0.1 },
      { neighbours: 1, cpuPressure: 0.5 },
      { neighbours: 2, cpuPressure: 0.7 },
      { cpuPressure: 1 },
    ]);
    expect(contentionOf(points)).toEqual({ seconds: 4, neighbours: 2, waiting: 0.6, waitingAlone: 0.1 });
  });

  it('is nothing without neighbours, and says less if waiting is unknown', () => {
    expect(contentionOf(pointsOf([{ neighbours: 0 }, {}]))).toBeUndefined();
    expect(contentionOf(pointsOf([{ neighbours: 3 }]))).toEqual({ seconds: 2, neighbours: 3 });
  });
});

describe('gpusOf', () => {
  const gpu = { index: 1, name: 'L4', totalBytes: 24 };

  it('gives mean and peak of each GPU, weighted by time', () => {
    const samples = [
      sampleAt(0, { gpus: [gpu, { index: 0, name: 'T4' }] }),
      sampleAt(1, { gpus: [{ ...gpu, use: 1, usedBytes: 20 }] }),
      sampleAt(4, { gpus: [{ ...gpu, use: 0.2, usedBytes: 4 }] }),
    ];
    expect(gpusOf(samples)).toEqual([
      { index: 0, name: 'T4' },
      { index: 1, name: 'L4', mean: 0.4, max: 1, memoryPeakBytes: 20, memoryBytes: 24 },
    ]);
  });

  it('skips wrong items and bounds the number of GPUs', () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ ...gpu, index }));
    const odd = [{ index: 'a' }, null, ...many] as unknown as (typeof gpu)[];
    expect(gpusOf([sampleAt(0, { gpus: odd })]).length).toBeLessThanOrEqual(16);
  });
});

it('notesOf returns each sentence once, at most ten, and none that is not a text', () => {
  const samples = [
    sampleAt(0, { notes: ['a job', 'b'] }),
    sampleAt(2, { notes: ['b', 7 as unknown as string] }),
  ];
  expect(notesOf(samples)).toEqual(['a job', 'b']);
  const many = Array.from({ length: 50 }, (_, index) =>
    sampleAt(index, { notes: [`${index}${'x'.repeat(900)}`] }),
  );
  expect(notesOf(many)).toHaveLength(10);
  expect(notesOf(many)[0]).toHaveLength(300);
  expect([isOnJob('The processes of other users are hidden.'), isOnJob('No pressure.')]).toEqual([
    true,
    false,
  ]);
});

it('summarise gives the job’s use and the traffic of disks as figures', () => {
  const job = (memoryBytes: number) => ({
    job: { source: 'cgroup' as const, cpuSeconds: 1, memoryBytes, processes: 1, heaviest: [] },
  });
  const disk = (bytes: number) => ({ diskTraffic: { readBytes: bytes, writtenBytes: 2 * bytes } });
  const figures = summarise(
    seriesOf([sampleAt(0, { ...job(5), ...disk(10) }), sampleAt(2, { ...job(3), ...disk(30) })]),
  );
  expect(figures.jobMemory?.max).toBe(5);
  expect(figures).toMatchObject({ readBytes: 20, writtenBytes: 40 });
});
