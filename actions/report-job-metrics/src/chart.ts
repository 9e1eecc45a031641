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
  /** One line, or several in the order of `colours`, each with as many values. */
  lines: readonly (readonly number[])[];
  /** For each value whether its mark at the foot of the chart is high; default: there are no marks. */
  marks?: readonly boolean[];
  /** Seconds that the values span. */
  seconds: number;
  /** Top of the axis; default: the largest value. */
  top?: number;
}

/** Of the lines; each can be seen on white and on GitHub's dark ground. */
export const colours = [
  { name: 'blue', value: '#1f7ae0' },
  { name: 'orange', value: '#d9730d' },
] as const;

/** Of the marks at the foot, and how high they are, as a share of the axis. A low one is what Mermaid draws of a bar of 0. */
const markColour = '#8c959f';
const markHeight = 0.04;

const axis = { labelFontSize: 11, titleFontSize: 12 };

/**
 * Half as high as Mermaid's default of 500, with letters so small that the marks of the axis do not touch. Legends are
 * left out, since not every version of Mermaid has them: titles name the colours.
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
 * A chart as text of Mermaid's xychart. It refuses NaN, empty lists, exponents and quotes, so that values that are no
 * numbers are left out and all are written with digits. `undefined`: too few values for a line.
 */
export function toMermaid({ title, unit, lines, marks = [], seconds, top }: Chart): string | undefined {
  const known = lines.map((values) => downsample(values.filter((value) => Number.isFinite(value))));
  if (known.length === 0 || known.some(({ length }) => length < 3)) return undefined;
  const largest = top ?? Math.max(...known.flat());
  const highest = largest > 0 ? largest : 1;
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
