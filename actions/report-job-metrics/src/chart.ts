/** Points a chart may have: more cannot be told apart at its width. */
const mostPoints = 60;

/** At most `most` values, each the largest of its neighbours, so that no peak is lost. */
export function downsample(values: readonly number[], most = mostPoints): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_unused, index) => {
    const from = Math.floor((index * values.length) / most);
    const to = Math.floor(((index + 1) * values.length) / most);
    return values.slice(from, to).reduce((peak, value) => Math.max(peak, value), -Infinity);
  });
}

export interface Chart {
  /** Plain words: quotes and control characters are removed. */
  title: string;
  unit: string;
  values: readonly number[];
  /** Seconds that the values span. */
  seconds: number;
  /** Top of the axis; default: the largest value. */
  top?: number;
}

/** The default's first colour can hardly be seen on white. */
const palette = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#0969da"}}}}%%';

/**
 * A chart as text of Mermaid's xychart. It refuses NaN, empty lists, exponents and quotes, so that values that are no
 * numbers are left out and all are written with digits. `undefined`: too few values for a line.
 */
export function toMermaid({ title, unit, values, seconds, top }: Chart): string | undefined {
  const known = downsample(values.filter((value) => Number.isFinite(value)));
  if (known.length < 3) return undefined;
  const highest = top ?? Math.max(...known);
  const long = seconds >= 300;
  const width = Math.max(0.1, (Number.isFinite(seconds) ? seconds : 0) / (long ? 60 : 1));
  return [
    palette,
    'xychart-beta',
    `    title "${plain(title)}"`,
    `    x-axis "${long ? 'minutes' : 'seconds'}" 0 --> ${digits(width)}`,
    `    y-axis "${plain(unit)}" 0 --> ${digits(highest > 0 ? highest : 1)}`,
    `    line [${known.map(digits).join(', ')}]`,
  ].join('\n');
}

function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,()%/-]/gu, ' ').trim();
}

/** Never an exponent, never `-0`: small values keep three digits after the point, large ones are capped. */
function digits(value: number): string {
  return String(Number(Math.max(-1e15, Math.min(1e15, value)).toFixed(3)));
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A line of bars, at most 30, from 0 to `top` (default: the largest value). */
export function toSparkline(values: readonly number[], top?: number): string {
  const known = downsample(
    values.filter((value) => Number.isFinite(value)),
    30,
  );
  const highest = top ?? known.reduce((peak, value) => Math.max(peak, value), 0);
  return known
    .map((value) => (highest > 0 ? value / highest : 0))
    .map((share) => bars[Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)))])
    .join('');
}
