import type { Point } from './points.ts';

/** How other jobs on this machine held up this one. */
export interface Contention {
  /** Seconds in which other jobs ran. */
  seconds: number;
  /** Most other jobs at once. */
  neighbours: number;
  /** Share of these seconds in which tasks of the machine waited for a CPU. Omitted if the kernel does not tell. */
  waiting?: number;
  /** The same while this job was alone. Omitted if it never was. */
  waitingAlone?: number;
}

/** Compares the time with and without other jobs. `undefined` if there were none, or if nobody knows. */
export function contentionOf(points: readonly Point[]): Contention | undefined {
  const together = points.filter(({ neighbours = 0 }) => neighbours > 0);
  if (together.length === 0) return undefined;
  const alone = points.filter(({ neighbours }) => neighbours === 0);
  const [waiting, waitingAlone] = [together, alone].map(meanWaiting);
  return {
    seconds: together.reduce((sum, { seconds }) => sum + seconds, 0),
    neighbours: together.reduce((most, { neighbours = 0 }) => Math.max(most, neighbours), 0),
    ...(waiting === undefined ? {} : { waiting }),
    ...(waitingAlone === undefined ? {} : { waitingAlone }),
  };
}

function meanWaiting(points: readonly Point[]): number | undefined {
  let [sum, seconds] = [0, 0];
  for (const { cpuPressure, seconds: length } of points) {
    if (cpuPressure === undefined) continue;
    sum += cpuPressure * length;
    seconds += length;
  }
  return seconds === 0 ? undefined : sum / seconds;
}
