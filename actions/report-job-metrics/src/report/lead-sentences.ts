import { codeSpan, escapeMarkdown, formatBytes, formatDuration } from '@runner-actions/core';
import { cacheSentence } from '../cache/cache-use.ts';
import { comparisonSentence } from '../comparison/comparison.ts';
import { costSentences } from '../cost/job-cost.ts';
import { contentionOf } from '../figures/contention.ts';
import type { FullestDisk } from '../figures/fullest-disk.ts';
import { isOnJob } from '../figures/notes.ts';
import { whoseUse } from '../figures/whose-use.ts';
import { notes, type Reported } from './report.ts';
import { cpus, percent, percentOfDf, roughPercent } from './wording.ts';

/** Returns the sentences that lead the summary, as Markdown: whose use it was, and how it compares with the limits. */
export function leadSentences(reported: Reported): string[] {
  const { figures, job, cost, comparison, cache } = reported;
  const { fullestDisk, receivedBytes, sentBytes, readBytes, writtenBytes } = figures;
  return [
    cpuSentence(reported),
    memorySentence(reported),
    ...unknownUse(reported),
    ...contentionSentences(reported),
    ...(job === undefined || 'unknown' in job ? [] : queueSentences(job.queue)),
    fullestDisk === undefined ? 'Fullest disk: unknown.' : diskSentence(fullestDisk),
    ...(readBytes === undefined || writtenBytes === undefined
      ? []
      : [`Disks of the machine: ${formatBytes(readBytes)} read, ${formatBytes(writtenBytes)} written.`]),
    receivedBytes === undefined || sentBytes === undefined
      ? 'Network: traffic unknown.'
      : `Network: ${formatBytes(receivedBytes)} received, ${formatBytes(sentBytes)} sent.`,
    ...(cache === undefined ? [] : [cacheSentence(cache)]),
    ...[comparisonSentence(comparison, reported.time?.milliseconds ?? 0)]
      .flatMap((sentence) => sentence ?? [])
      .map(escapeMarkdown),
    ...(cost === undefined ? [] : costSentences(cost)),
  ];
}

/** Names who else can use what the limit bounds. */
function others(source: string): string {
  return source === 'cgroup' ? 'others under the same limit' : 'others on this machine';
}

function cpuSentence({ figures, series }: Reported): string {
  const { cores } = series.head;
  const { cpu } = whoseUse(figures.points, series);
  if (cpu !== undefined) {
    return `CPU: this job used ${cpus(cpu.job)} of ${cpus(cores.value)} CPUs on average (at most ${cpus(cpu.jobMost)}); ${others(cores.source)} ${cpus(cpu.others)}.`;
  }
  if (figures.cpu === undefined) return 'CPU: usage unknown.';
  const { mean, max } = figures.cpu;
  return `CPU: ${cpus(mean * cores.value)} of ${cpus(cores.value)} CPUs in use on average (at most ${cpus(max * cores.value)}), by this job and others.`;
}

function memorySentence({ figures, series }: Reported): string {
  const limit = series.head.memory;
  if (figures.memory === undefined) return 'Memory: usage unknown.';
  const whose = limit.source === 'cgroup' ? 'that its cgroup or container may use' : 'that the machine has';
  const all = `at most ${formatBytes(figures.memory.max)} in use, ${percent(figures.memory.max / limit.value)} of the ${formatBytes(limit.value)} ${whose}`;
  const { memory } = whoseUse(figures.points, series);
  if (memory === undefined) return `Memory: ${all}.`;
  return `Memory: this job had ${formatBytes(memory.jobBytes)} on average (at most ${formatBytes(memory.jobMostBytes)}); ${others(limit.source)} ${formatBytes(memory.othersBytes)}. In all, ${all}.`;
}

/** Says that the job's own use is unknown, and why. Nothing if it is known, or if nothing at all was measured. */
function unknownUse(reported: Reported): string[] {
  const { figures, series } = reported;
  const { cpu, memory } = whoseUse(figures.points, series);
  if (cpu !== undefined || memory !== undefined) return [];
  if (figures.cpu === undefined && figures.memory === undefined) return [];
  const why = notes(reported).filter(isOnJob).map(escapeMarkdown);
  return [['What this job itself used of it is unknown.', ...why].join(' ')];
}

function contentionSentences({ figures }: Reported): string[] {
  const contention = contentionOf(figures.points);
  if (contention === undefined) return [];
  const { seconds, neighbours, waiting, waitingAlone } = contention;
  const jobs = neighbours === 1 ? 'Another job' : `Up to ${neighbours} other jobs`;
  const ran = `${jobs} ran on this machine for ${formatDuration(seconds * 1000)}`;
  if (waiting === undefined) return [`${ran}.`];
  const alone =
    waitingAlone === undefined ? 'this job was never alone' : `${roughPercent(waitingAlone)} alone`;
  return [`${ran}: meanwhile, tasks waited for a CPU ${roughPercent(waiting)} of the time; ${alone}.`];
}

function queueSentences(queue: { seconds: number; corrected?: true } | undefined): string[] {
  if (queue === undefined) return ['Queue: unknown, because GitHub does not tell when the job was created.'];
  const why = queue.corrected ? " GitHub's times give less than 0, so this is shown as 0." : '';
  return [`Queue: the job waited ${whole(queue.seconds)} for its runner.${why}`];
}

/** Formats seconds from times that GitHub gives in whole seconds. */
function whole(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : formatDuration(seconds * 1000);
}

function diskSentence(disk: FullestDisk): string {
  const { totalBytes, usedBytes, availableBytes } = disk;
  const [total, used, left] = [totalBytes, usedBytes, availableBytes].map(formatBytes);
  const share = percentOfDf(usedBytes / (usedBytes + availableBytes));
  return `Fullest disk: ${nameOfDisk(disk)}, ${share} full as \`df\` counts: ${used} of ${total} used, ${left} available.`;
}

export function nameOfDisk({ mountPoint, path }: FullestDisk): string {
  return mountPoint === undefined ? `the one of ${codeSpan(path)}` : codeSpan(mountPoint);
}
