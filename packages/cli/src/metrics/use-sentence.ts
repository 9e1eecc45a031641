import { formatBytes, formatDuration } from '@runner-actions/core';
import type { Figures } from '@runner-actions/report-job-metrics/figures';

type Told = Pick<Figures, 'jobCpu' | 'jobCpuSeconds' | 'jobMemory' | 'cpu' | 'memory' | 'durationSeconds'>;

/**
 * Returns what the job used, as a sentence for its log. What is unknown is told of the machine, or left out.
 * @param cores number of CPUs of which the figures are shares
 */
export function useSentence(figures: Told, cores: number): string {
  const { jobCpu, jobCpuSeconds: cpuSeconds, jobMemory, cpu, memory, durationSeconds } = figures;
  const time = formatDuration(durationSeconds * 1000);
  const cpus = (share: number): string =>
    `${Number((share * cores).toFixed(1))} of ${Number(cores.toFixed(1))}`;
  const own = [
    ...(cpuSeconds === undefined ? [] : [`${formatDuration(cpuSeconds * 1000)} of CPU time`]),
    ...(jobCpu === undefined ? [] : [`at most ${cpus(jobCpu.max)} CPUs`]),
    ...(jobMemory === undefined ? [] : [`at most ${formatBytes(jobMemory.max)} of memory`]),
  ];
  const all = [
    ...(cpu === undefined ? [] : [`at most ${cpus(cpu.max)} CPUs`]),
    ...(memory === undefined ? [] : [`at most ${formatBytes(memory.max)} of memory`]),
  ];
  const machine = all.length === 0 ? 'What the machine used is unknown.' : `In use in all: ${list(all)}.`;
  if (own.length === 0) return `What this job used in ${time} is unknown. ${machine}`;
  return `This job used in ${time}: ${list(own)}. ${machine}`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
