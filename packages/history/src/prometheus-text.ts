/** One sample of a scrape. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** NaN and infinities included. */
  value: number;
  /** Milliseconds since the epoch, where the exporter says. */
  timestamp: number | undefined;
}

// `s`: only a line feed ends a line, and a label's value may hold what JavaScript takes for another end of one.
const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+(-?\d+))?$/s;
const label = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gsy;

/**
 * Samples of the Prometheus text format, version 0.0.4. A line that is none is passed over: an exporter may add what we
 * do not know. So is a last line without its line feed, which the format demands: it may be cut off in its value.
 * Source: Prometheus, "Exposition formats".
 */
export function readSamples(text: string): Sample[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((raw) => {
    const trimmed = raw.trim();
    const [, name, inside = '', value = '', timestamp] = line.exec(trimmed) ?? [];
    const labels = readLabels(inside.trim());
    const amount = readValue(value);
    if (name === undefined || labels === undefined || amount === undefined) return [];
    return [
      { name, labels, value: amount, timestamp: timestamp === undefined ? undefined : Number(timestamp) },
    ];
  });
}

/** `undefined` when something in it is no label. */
function readLabels(text: string): Record<string, string> | undefined {
  const labels: [string, string][] = [];
  label.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const found = label.exec(text);
    if (found === null) return undefined;
    labels.push([found[1] ?? '', unescape(found[2] ?? '')]);
    for (end = label.lastIndex; text[end] === ' ';) end += 1;
    label.lastIndex = end;
  }
  return Object.fromEntries(labels);
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_all, character: string) => (character === 'n' ? '\n' : character));
}

function readValue(text: string): number | undefined {
  const special: Record<string, number> = {
    NaN: Number.NaN,
    '+Inf': Infinity,
    Inf: Infinity,
    '-Inf': -Infinity,
  };
  if (Object.hasOwn(special, text)) return special[text];
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
