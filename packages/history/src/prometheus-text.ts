/** One sample of a metric. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  value: number;
  /** Milliseconds since the epoch; `undefined` if the exporter does not report it. */
  timestamp: number | undefined;
}

// Flag `s`: only a line feed ends a line, and a label's value may contain characters that JavaScript treats as a line
// end.
const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+(-?\d+))?$/s;
const label = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gsy;

/**
 * Parses samples in the Prometheus text format, version 0.0.4. Skips lines that are not samples, because an exporter
 * may add unknown lines. Also skips a last line without the line feed that the format requires: its value may be cut
 * off.
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

/** Parses the labels of a sample. @returns `undefined` if a part is not a label */
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
