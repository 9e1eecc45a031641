import { codeSpan, formatBytes, formatDuration, table } from '@runner-actions/core';
import type { GpuUse } from '../figures/gpus.ts';
import type { ProcessUse } from '../figures/heaviest.ts';
import { percent } from './wording.ts';

/** Renders the heaviest processes of the job. Empty without any. */
export function renderProcesses(processes: readonly ProcessUse[]): string {
  if (processes.length === 0) return '';
  const rows = processes.map(({ name, cpuSeconds, memoryPeakBytes }) => [
    codeSpan(name),
    formatDuration(cpuSeconds * 1000),
    formatBytes(memoryPeakBytes),
  ]);
  return table(['Processes of this job, by name', 'CPU time', 'memory, max'], rows);
}

/** Renders the GPUs of the machine. Empty without any. */
export function renderGpus(gpus: readonly GpuUse[]): string {
  if (gpus.length === 0) return '';
  const rows = gpus.map(({ index, name, mean, max, memoryPeakBytes, memoryBytes }) => [
    `${index}: ${codeSpan(name)}`,
    mean === undefined ? 'unknown' : percent(mean),
    max === undefined ? 'unknown' : percent(max),
    memoryPeakBytes === undefined ? 'unknown' : formatBytes(memoryPeakBytes),
    memoryBytes === undefined ? 'unknown' : formatBytes(memoryBytes),
  ]);
  return table(['GPU of the machine', 'mean', 'max', 'memory, max', 'of'], rows);
}
