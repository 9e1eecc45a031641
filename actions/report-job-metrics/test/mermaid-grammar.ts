const number = String.raw`-?\d+(?:\.\d+)?`;
const text = String.raw`"[^"\n]+"`;
const lines = [
  /^xychart-beta$/,
  new RegExp(`^ +title ${text}$`),
  new RegExp(`^ +x-axis ${text} ${number} --> ${number}$`),
  new RegExp(`^ +y-axis ${text} ${number} --> ${number}$`),
  new RegExp(String.raw`^ +line \[${number}(?:, ${number})*\]$`),
];

/** The lines of a chart that Mermaid's grammar for xychart would refuse; stricter than it is. */
export function faultsOf(chart: string): string[] {
  const found = chart.split('\n');
  if (found.length !== lines.length) return [`${found.length} lines`];
  return found.filter((line, index) => !lines[index]?.test(line));
}
