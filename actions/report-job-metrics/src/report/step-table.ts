import { escapeMarkdown, formatBytes, formatDuration, table } from '@runner-actions/core';
import type { Point } from '../figures/points.ts';
import type { JobStep, JobSteps } from '../figures/steps.ts';

/** Longer lists are cut, with a line that says so. */
const maxSteps = 60;

/** Renders the steps with their times on the charts' axis, as Markdown. */
export function renderSteps(steps: JobSteps, points: readonly Point[], { ofStep }: Marks): string {
  if ('unknown' in steps) return `Steps: unknown, because ${escapeMarkdown(steps.unknown)}.`;
  const rows = steps.slice(0, maxSteps).map((step, index) => {
    const { cpu, memoryBytes } = within(step, points);
    return [
      markOf(ofStep.get(index)),
      escapeMarkdown(step.name),
      startOf(step),
      lengthOf(step),
      cpu === undefined ? '–' : `${(cpu * 100).toFixed(0)} %`,
      memoryBytes === undefined ? '–' : formatBytes(memoryBytes),
    ];
  });
  const rest = steps.length > maxSteps ? `\nAnd ${steps.length - maxSteps} more steps.\n` : '';
  return table(['mark', 'Step', 'from', 'took', 'CPU, mean', 'memory, max'], rows) + rest;
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
  return conclusion === 'success' ? took : `${took}, ${escapeMarkdown(conclusion)}`;
}

/** Formats whole seconds, the precision of GitHub's times. */
function whole(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : formatDuration(seconds * 1000);
}

/** Returns the metrics while the step ran; none for a step shorter than a second, the precision of GitHub's times. */
function within({ span }: JobStep, points: readonly Point[]): Pick<Point, 'cpu' | 'memoryBytes'> {
  let [sum, seconds, most] = [0, 0, -1];
  for (const { at, seconds: length, cpu, memoryBytes = -1 } of span === undefined ? [] : points) {
    const overlap = Math.min(span?.to ?? 0, at) - Math.max(span?.from ?? 0, at - length);
    if (overlap <= 0) continue;
    most = Math.max(most, memoryBytes);
    if (cpu === undefined) continue;
    sum += cpu * overlap;
    seconds += overlap;
  }
  return {
    ...(seconds > 0 ? { cpu: sum / seconds } : {}),
    ...(most >= 0 ? { memoryBytes: most } : {}),
  };
}

/**
 * The marks at the bottom of the charts, alternately high and low from step to step. A step without a point has no
 * mark.
 */
export interface Marks {
  /** For each point, whether its mark is high. */
  high: boolean[];
  /** Whether the mark of a step is high, by the step's index in the list. */
  ofStep: Map<number, boolean>;
}

export function marksOf(steps: JobSteps, points: readonly Point[]): Marks {
  const listed = 'unknown' in steps ? [] : steps;
  const ofStep = new Map<number, boolean>();
  const high = points.map(({ at, seconds }) => {
    const middle = at - seconds / 2;
    const index = listed.findLastIndex(({ span }) => span && span.from <= middle && middle < span.to);
    if (index !== -1 && !ofStep.has(index)) ofStep.set(index, ofStep.size % 2 === 0);
    return ofStep.get(index) ?? false;
  });
  return { high, ofStep };
}

function markOf(high: boolean | undefined): string {
  return high === undefined ? '' : high ? '▆' : '▁';
}
