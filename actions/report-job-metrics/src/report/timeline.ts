import type { Span } from '../figures/steps.ts';

/** Number of characters of a timeline. More would break the row on GitHub's page. */
const cells = 24;

/**
 * Draws when a step ran, on the charts' axis: one character for each 24th of the job, of which it ran at least half. A
 * step that filled no such part gets half a character. Empty if it ran before the first sample.
 * @param seconds length of the axis
 */
export function timelineOf(span: Span | undefined, seconds: number): string {
  if (span === undefined || seconds <= 0 || span.to < 0 || span.from > seconds) return '';
  const cell = seconds / cells;
  const from = Math.max(0, span.from);
  const to = Math.min(seconds, span.to);
  const first = Math.min(cells - 1, Math.floor(from / cell));
  const ran = Array.from({ length: cells }, (_unused, index) => {
    const part = Math.min(to, (index + 1) * cell) - Math.max(from, index * cell);
    return part >= cell / 2;
  });
  const filled = ran.includes(true);
  return ran.map((runs, index) => (runs ? '█' : !filled && index === first ? '▌' : '░')).join('');
}
