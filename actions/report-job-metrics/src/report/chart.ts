/** Maximum number of points in a chart. More are not visible at its width. */
const maxPoints = 60;

/** Reduces the values to at most `most`. Each is the largest of its group, so that no peak is lost. */
export function downsample(values: readonly number[], most = maxPoints): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_unused, index) => {
    const from = Math.floor((index * values.length) / most);
    const to = Math.floor(((index + 1) * values.length) / most);
    return values.slice(from, to).reduce((peak, value) => Math.max(peak, value), -Infinity);
  });
}

export interface Chart {
  /** Plain text. Quotes and control characters are removed. */
  title: string;
  unit: string;
  /** The lines, in the order of `colours`. All have the same number of values. */
  lines: readonly (readonly number[])[];
  /** For each value, whether its mark at the bottom of the chart is high. Default: no marks. */
  marks?: readonly boolean[];
  /** Seconds that the values span. */
  seconds: number;
  /** Top of the y-axis. Default: the largest value. */
  top?: number;
}

/** The colours of the lines. They are visible on white and on GitHub's dark background. */
export const colours = [
  { name: 'blue', value: '#1f7ae0' },
  { name: 'orange', value: '#d9730d' },
] as const;

/** Colour of the marks at the bottom, and their height as a share of the axis. A low mark is a bar of 0 in Mermaid. */
const markColour = '#8c959f';
const markHeight = 0.04;

const axis = { labelFontSize: 11, titleFontSize: 12 };

/**
 * Settings for a chart half as high as Mermaid's default of 500, with letters so small that axis labels do not overlap.
 * There is no legend, because not every version of Mermaid supports it: the titles name the colours.
 */
function settings(palette: readonly string[]) {
  return {
    xyChart: { height: 250, titleFontSize: 14, titlePadding: 6, showLegend: false, xAxis: axis, yAxis: axis },
    themeVariables: {
      xyChart: { backgroundColor: 'transparent', plotColorPalette: palette.join(', ') },
    },
  };
}

/**
 * Renders a chart as Mermaid xychart text. Mermaid rejects NaN, empty lists, exponents and quotes, so values that are
 * not finite are left out, and all numbers are written without exponent. Returns `undefined` with too few values for a
 * line.
 */
export function toMermaid({ title, unit, lines, marks = [], seconds, top }: Chart): string | undefined {
  const known = lines.map((values) => downsample(values.filter((value) => Number.isFinite(value))));
  if (known.length === 0 || known.some(({ length }) => length < 3)) return undefined;
  const largest = top ?? Math.max(...known.flat());
  // An axis that ends at 0 after rounding could not be drawn.
  const highest = largest >= 0.001 ? largest : 1;
  const bars = downsample(marks.map((high) => (high ? highest * markHeight : 0)));
  const palette = [...(bars.length === 0 ? [] : [markColour]), ...colours.map(({ value }) => value)];
  const long = seconds >= 300;
  const width = Math.max(0.1, (Number.isFinite(seconds) ? seconds : 0) / (long ? 60 : 1));
  return [
    `%%{init: ${JSON.stringify(settings(palette))}}%%`,
    'xychart-beta',
    `    title "${plain(title)}"`,
    `    x-axis "${long ? 'minutes' : 'seconds'}" 0 --> ${digits(width)}`,
    `    y-axis "${plain(unit)}" 0 --> ${digits(highest)}`,
    ...(bars.length === 0 ? [] : [`    bar [${bars.map(digits).join(', ')}]`]),
    ...known.map((values) => `    line [${values.map(digits).join(', ')}]`),
  ].join('\n');
}

function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:()%/-]/gu, ' ').trim();
}

/** Formats a number without exponent and without `-0`: three digits after the point, and a cap for large values. */
function digits(value: number): string {
  return String(Number(Math.max(-1e15, Math.min(1e15, value)).toFixed(3)));
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Renders values as at most 30 bar characters, from 0 to `top` (default: the largest value). */
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
