/** The names of snapshots, by which they are known again: of all packages, or of those that somebody chose. */
export const snapshotNames = {
  all: 'Snapshot of a machine',
  chosen: 'Snapshot of a machine, chosen packages',
} as const;

/** One section of a snapshot. */
export interface Section {
  name: string;
  /** Lines of YAML below the name, indented. Each requirement begins a line of its own. */
  lines: readonly string[];
  /** What is on the machine but not in the snapshot, and why. */
  notes: readonly string[];
}

/** Renders a manifest. Empty sections are left out. */
export function renderSections(name: string, sections: readonly Section[]): string {
  const parts = sections.flatMap(linesOf);
  return `${['version: 1', `name: ${JSON.stringify(name)}`, ...parts].join('\n')}\n`;
}

function linesOf({ name, lines }: Section): string[] {
  const [only = '', ...more] = lines;
  if (only === '') return [];
  // A section of one requirement is a map behind its name.
  return more.length === 0 && only.startsWith('{') ? [`${name}: ${only}`] : [`${name}:`, ...lines];
}
