import type { Series } from '../sampling/sample.ts';
import type { Point } from './points.ts';

/** How much of the use was this job's, and how much that of others. CPUs as numbers of CPUs. */
export interface WhoseUse {
  cpu?: { job: number; jobMost: number; others: number };
  memory?: { jobBytes: number; jobMostBytes: number; othersBytes: number };
}

/** Divides the use between the job and others. A part is omitted where the use of the job is unknown. */
export function whoseUse(points: readonly Point[], { head }: Pick<Series, 'head'>): WhoseUse {
  const cores = head.cores.value;
  const cpu = split(points, 'jobCpu', 'cpu');
  const memory = split(points, 'jobMemoryBytes', 'memoryBytes');
  return {
    ...(cpu === undefined
      ? {}
      : { cpu: { job: cpu.own * cores, jobMost: cpu.most * cores, others: cpu.others * cores } }),
    ...(memory === undefined
      ? {}
      : { memory: { jobBytes: memory.own, jobMostBytes: memory.most, othersBytes: memory.others } }),
  };
}

/** Returns means over the points that have both values, weighted by time, and the job's largest value. */
function split(points: readonly Point[], job: keyof Point, all: keyof Point) {
  let [own, others, seconds, most] = [0, 0, 0, 0];
  for (const point of points) {
    const [ofJob, ofAll] = [point[job], point[all]];
    if (ofJob === undefined || ofAll === undefined) continue;
    own += ofJob * point.seconds;
    // The two counters are not read at the same moment, so the job may seem to use more than the machine.
    others += Math.max(0, ofAll - ofJob) * point.seconds;
    seconds += point.seconds;
    most = Math.max(most, ofJob);
  }
  return seconds === 0 ? undefined : { own: own / seconds, others: others / seconds, most };
}
