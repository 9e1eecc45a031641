import { escapeMarkdown, formatBytes, formatDuration, table } from '@runner-actions/core';
import type { OwnJobFacts } from '../figures/own-job-facts.ts';
import type { Point } from '../figures/points.ts';
import type { KindUse, StepUse } from '../figures/step-use.ts';
import type { JobStep } from '../figures/steps.ts';
import { timelineOf } from './timeline.ts';
import { roughPercent, showName } from './wording.ts';

/** Longer lists are cut, with a line that says so. The report has all steps. */
const maxSteps = 100;

/** How the steps are drawn. */
export interface Drawing {
  /** Given if the steps are marked in charts. */
  marks?: Marks;
  /** Length of the timelines' axis, which is that of the charts. No timelines without it. */
  seconds?: number;
}

/** Renders the steps with their times on the charts' axis, as Markdown. */
export function renderSteps(job: OwnJobFacts, { marks, seconds }: Drawing): string {
  if ('unknown' in job) return `Steps: unknown, because ${escapeMarkdown(job.unknown)}.`;
  const { steps, use } = job;
  if (steps.length === 0) return 'Steps: unknown, because GitHub lists none of this job.';
  const rows = steps.slice(0, maxSteps).map((step, index) => {
    const own = use.steps[index];
    return [
      ...(marks === undefined ? [] : [markOf(marks.ofStep.get(index))]),
      nameOf(step, own),
      ...(seconds === undefined ? [] : [timelineOf(step.span, seconds)]),
      startOf(step),
      lengthOf(step),
      partOf(own, use.jobSeconds),
      ...useCells(step, own),
    ];
  });
  const rest = steps.length > maxSteps ? `\nAnd ${steps.length - maxSteps} more steps.\n` : '';
  const titles = [
    ...(marks === undefined ? [] : ['mark']),
    ...['Step', ...(seconds === undefined ? [] : ['when']), 'from', 'took', 'of the job'],
  ];
  const whose = use.whose === 'job' ? 'this job' : 'all';
  return table([...titles, `CPU of ${whose}, mean`, `memory of ${whose}, max`], rows) + rest;
}

/** Renders how much of the job the kinds of steps took, the largest first. Empty if nothing is known. */
export function renderKinds(kinds: readonly KindUse[]): string {
  const shown = kinds.filter(({ share }) => share >= 0.005).toSorted((a, b) => b.share - a.share);
  if (shown.length === 0) return '';
  const parts = shown.map(({ kind, share, seconds }) => `${kind} ${roughPercent(share)} (${whole(seconds)})`);
  return `Of the job's time, by the names of its steps: ${parts.join(', ')}.`;
}

function partOf(use: StepUse | undefined, jobSeconds: number): string {
  return use === undefined || use.seconds === 0 ? '–' : roughPercent(use.seconds / jobSeconds);
}

function nameOf({ name }: JobStep, use: StepUse | undefined): string {
  if (use?.group) return `${showName(name)} (the group)`;
  return use?.parallel ? `${showName(name)} (parallel)` : showName(name);
}

function useCells({ span }: JobStep, use: StepUse | undefined): string[] {
  if (span === undefined || use === undefined) return ['–', '–'];
  const shared = use.parallel && !use.group ? ', shared' : '';
  const { cpu, memoryPeakBytes } = use;
  return [
    cpu === undefined ? 'n/a' : `${roughPercent(cpu)}${shared}`,
    memoryPeakBytes === undefined ? 'n/a' : `${formatBytes(memoryPeakBytes)}${shared}`,
  ];
}

function startOf({ span }: JobStep): string {
  if (span === undefined) return '–';
  // GitHub truncates times to seconds, so a step may appear to start before the sample that it took.
  return span.from <= -1 ? 'before the first sample' : whole(Math.max(0, span.from));
}

function lengthOf({ span, conclusion }: JobStep): string {
  if (span === undefined) return conclusion === undefined ? 'not run yet' : 'not run';
  const took = whole(span.to - span.from);
  if (conclusion === undefined) return `${took} so far`;
  return conclusion === 'success' ? took : `${took}, ${showName(conclusion)}`;
}

/** Formats whole seconds, the precision of GitHub's times. */
function whole(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : formatDuration(seconds * 1000);
}

/**
 * The marks at the bottom of the charts, alternately high and low from step to step. A step without a point has no
 * mark, and neither has the row of a group.
 */
export interface Marks {
  /** For each point, whether its mark is high. */
  high: boolean[];
  /** Whether the mark of a step is high, by the step's index in the list. */
  ofStep: Map<number, boolean>;
}

export function marksOf(job: OwnJobFacts | undefined, points: readonly Point[]): Marks {
  const listed = job === undefined || 'unknown' in job ? [] : job.steps;
  const uses = job === undefined || 'unknown' in job ? [] : job.use.steps;
  const ofStep = new Map<number, boolean>();
  const high = points.map(({ at, seconds }) => {
    const middle = at - seconds / 2;
    const index = listed.findLastIndex(
      ({ span }, step) => span && !uses[step]?.group && span.from <= middle && middle < span.to,
    );
    if (index !== -1 && !ofStep.has(index)) ofStep.set(index, ofStep.size % 2 === 0);
    return ofStep.get(index) ?? false;
  });
  return { high, ofStep };
}

function markOf(high: boolean | undefined): string {
  return high === undefined ? '' : high ? '▆' : '▁';
}
