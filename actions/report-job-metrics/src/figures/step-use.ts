import type { Point } from './points.ts';
import type { JobStep, Span } from './steps.ts';
import { kindOf, type StepKind, stepKinds } from './step-kinds.ts';

/** What happened while a step ran. */
export interface StepUse {
  kind: StepKind;
  /** Whether other steps ran at the same time. */
  parallel: boolean;
  /** Whether this is GitHub's row for a group of parallel steps. It counts nowhere, because its steps do. */
  group: boolean;
  /** The step's part of the job's time. Steps that ran at the same time share it equally. */
  seconds: number;
  /** The step's part of the CPU time, shared in the same way. Omitted if too few samples fell into the step. */
  cpuSeconds?: number;
  /** Mean share of the CPUs in use while the step ran. It includes the steps that ran at the same time. */
  cpu?: number;
  memoryPeakBytes?: number;
}

/** Whose use the figures of the steps are: the job's if it is known, otherwise the machine's. */
export type Whose = 'job' | 'machine';

export interface StepsUse {
  whose: Whose;
  /** Length of the job, from the start of the first step or sample to the last. */
  jobSeconds: number;
  /** In the order of the steps. */
  steps: StepUse[];
  kinds: KindUse[];
}

/** How much of the job the steps of a kind took. */
export interface KindUse {
  kind: StepKind;
  seconds: number;
  /** Share of the job's time, from 0 to 1. */
  share: number;
  cpuSeconds?: number;
}

/** With fewer samples in it, a step is too short for figures: GitHub's times are whole seconds. */
const fewestSamples = 2;

/**
 * Divides the series among the steps. Values between two samples are interpolated at the edges of a step.
 * @param cores number of CPUs that a share of 1 stands for
 * @param jobSeconds length of the job
 */
export function useOfSteps(
  steps: readonly JobStep[],
  points: readonly Point[],
  { cores, jobSeconds }: { cores: number; jobSeconds: number },
): StepsUse {
  const whose = points.some(({ jobCpu }) => jobCpu !== undefined) ? 'job' : 'machine';
  const used = integralOf(points, whose === 'job' ? 'jobCpu' : 'cpu');
  const groups = steps.map((step) => isGroup(step, steps));
  const counted = steps.map(({ span }, index) => (groups[index] === true ? undefined : span));
  const shared = shareOut(counted, (from, to) => used(to).sum - used(from).sum);
  const all = steps.map(({ name, span }, index): StepUse => {
    const { seconds, sum, parallel } = shared[index] ?? { seconds: 0, sum: 0, parallel: false };
    const use = { kind: kindOf(name), parallel, group: groups[index] === true, seconds };
    const within = span === undefined ? 0 : samplesIn(span, points);
    if (span === undefined || within < fewestSamples) return use;
    const [from, to] = [used(span.from), used(span.to)];
    const known = to.seconds - from.seconds;
    const peak = memoryPeak(span, points, whose === 'job' ? 'jobMemoryBytes' : 'memoryBytes');
    return {
      ...use,
      ...(known > 0 ? { cpuSeconds: sum * cores, cpu: (to.sum - from.sum) / known } : {}),
      ...(peak === undefined ? {} : { memoryPeakBytes: peak }),
    };
  });
  return { whose, jobSeconds, steps: all, kinds: sumKinds(all, jobSeconds) };
}

/**
 * GitHub adds a row for a group of parallel steps. Its span holds theirs. Seconds of tolerance, because GitHub cuts
 * times to whole seconds.
 */
function isGroup({ name, span }: JobStep, steps: readonly JobStep[]): boolean {
  if (span === undefined || !/^parallel group\b/i.test(name)) return false;
  const others = steps.flatMap((other) =>
    other.span !== undefined && other.span !== span && overlap(other.span, span) > 0 ? [other.span] : [],
  );
  return others.length > 0 && others.every(({ from, to }) => from >= span.from - 1 && to <= span.to + 1);
}

function overlap(a: Span, b: Span): number {
  return Math.min(a.to, b.to) - Math.max(a.from, b.from);
}

interface Part {
  seconds: number;
  sum: number;
  parallel: boolean;
}

/** Divides time and use among the spans: where several run at once, each gets an equal part. */
function shareOut(spans: readonly (Span | undefined)[], useOf: (from: number, to: number) => number): Part[] {
  const parts = spans.map(() => ({ seconds: 0, sum: 0, parallel: false }));
  const edges = [...new Set(spans.flatMap((span) => (span === undefined ? [] : [span.from, span.to])))];
  edges.sort((a, b) => a - b);
  for (const [index, from] of edges.entries()) {
    const to = edges[index + 1];
    if (to === undefined) break;
    const running = parts.filter((_part, step) => {
      const span = spans[step];
      return span !== undefined && span.from <= from && to <= span.to;
    });
    const use = useOf(from, to);
    for (const part of running) {
      part.seconds += (to - from) / running.length;
      part.sum += use / running.length;
      part.parallel ||= running.length > 1;
    }
  }
  return parts;
}

interface Integral {
  /** Value times seconds up to the time. */
  sum: number;
  /** Seconds up to the time in which the value is known. */
  seconds: number;
}

/** Returns the integral of a metric from the first sample on, as a function of time. */
function integralOf(points: readonly Point[], key: 'cpu' | 'jobCpu'): (at: number) => Integral {
  const known = points.filter((point) => point[key] !== undefined);
  const before: Integral[] = [];
  let [sum, seconds] = [0, 0];
  for (const point of known) {
    before.push({ sum, seconds });
    sum += (point[key] ?? 0) * point.seconds;
    seconds += point.seconds;
  }
  return (at) => {
    const index = firstEndingAfter(known, at);
    const [point, earlier] = [known[index], before[index]];
    if (point === undefined || earlier === undefined) return { sum, seconds };
    const part = Math.max(0, at - (point.at - point.seconds));
    return { sum: earlier.sum + (point[key] ?? 0) * part, seconds: earlier.seconds + part };
  };
}

function firstEndingAfter(points: readonly Point[], at: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((points[middle]?.at ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the number of samples in the span. Each point ends at a sample, and the first one starts at one. */
function samplesIn({ from, to }: Span, points: readonly Point[]): number {
  const isIn = (at: number): boolean => from <= at && at <= to;
  const first = points[0];
  const start = first !== undefined && isIn(first.at - first.seconds) ? 1 : 0;
  return points.reduce((count, { at }) => count + (isIn(at) ? 1 : 0), start);
}

function memoryPeak(
  { from, to }: Span,
  points: readonly Point[],
  key: 'memoryBytes' | 'jobMemoryBytes',
): number | undefined {
  let peak: number | undefined;
  for (const point of points) {
    const value = point[key];
    if (value === undefined || point.at < from || point.at > to) continue;
    peak = Math.max(peak ?? 0, value);
  }
  return peak;
}

function sumKinds(steps: readonly StepUse[], jobSeconds: number): KindUse[] {
  return stepKinds.flatMap((kind): KindUse[] => {
    const own = steps.filter((step) => step.kind === kind && step.seconds > 0);
    const seconds = own.reduce((sum, step) => sum + step.seconds, 0);
    const known = own.flatMap(({ cpuSeconds }) => (cpuSeconds === undefined ? [] : [cpuSeconds]));
    if (seconds === 0 || jobSeconds <= 0) return [];
    const cpuSeconds = known.reduce((sum, one) => sum + one, 0);
    return [
      {
        ...{ kind, seconds, share: Math.min(1, seconds / jobSeconds) },
        ...(known.length > 0 ? { cpuSeconds } : {}),
      },
    ];
  });
}
