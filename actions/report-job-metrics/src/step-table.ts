import { escapeMarkdown, formatBytes, formatDuration, table } from '@runner-actions/core';
import type { Point } from './rates.ts';
import type { JobStep, JobSteps } from './steps.ts';

/** Longer lists are cut, and say so. */
const mostSteps = 60;

/** The steps with their places on the charts' axis, as Markdown. */
export function renderSteps(steps: JobSteps, points: readonly Point[], { ofStep }: Marks): string {
  if ('unknown' in steps) return `Steps: not known, since ${escapeMarkdown(steps.unknown)}.`;
  const rows = steps.slice(0, mostSteps).map((step, index) => {
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
  const rest = steps.length > mostSteps ? `\nAnd ${steps.length - mostSteps} more steps.\n` : '';
  return table(['mark', 'Step', 'from', 'took', 'CPU, mean', 'memory, max'], rows) + rest;
}

function startOf({ span }: JobStep): string {
  if (span === undefined) return '–';
  // GitHub's seconds are cut, so that a step may seem to start before the sample that it took.
  return span.from <= -1 ? 'before the first sample' : whole(Math.max(0, span.from));
}

function lengthOf({ span, conclusion }: JobStep): string {
  if (span === undefined) return conclusion === undefined ? 'not run yet' : 'not run';
  const took = whole(span.to - span.from);
  if (conclusion === undefined) return `${took} so far`;
  return conclusion === 'success' ? took : `${took}, ${escapeMarkdown(conclusion)}`;
}

/** Whole seconds, as GitHub tells them. */
function whole(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : formatDuration(seconds * 1000);
}

/** The figures of what was measured while the step ran; of a step that is shorter than GitHub's seconds nothing is known. */
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
 * The marks at the foot of the charts: high and low in turn, from step to step. A step that no point lies in has none.
 */
export interface Marks {
  /** For each point whether its mark is high. */
  high: boolean[];
  /** For each step that has one, by its place in the list. */
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
