/** How much a difference matters: our code or our tests rely on it; they do not; nothing of ours says what to expect. */
export type Weight = 'matters' | 'minor' | 'open';

/** What GitHub does otherwise than our simulator and our launcher. */
export interface Difference {
  weight: Weight;
  /** A job of the check, or a question to the API. */
  where: string;
  what: string;
  /** What our simulator or our launcher says. */
  expected: string;
  /** What GitHub did. */
  seen: string;
}

const titles: Record<Weight, string> = {
  matters: 'Differences that matter',
  minor: 'Other differences',
  open: 'Not compared',
};

const meanings: Record<Weight, string> = {
  matters: 'Our code or our tests rely on what is expected here.',
  minor: 'Our code does not rely on these. They make our simulator and our launcher more exact.',
  open: 'Nothing of ours says what GitHub does here, or there was nothing to compare.',
};

/** Renders the page of differences. @param compared what was compared, in numbers */
export function renderPage(differences: readonly Difference[], compared: string): string {
  const parts = (['matters', 'minor', 'open'] as const).map((weight) => {
    const rows = differences.filter((one) => one.weight === weight);
    if (rows.length === 0)
      return `## ${titles[weight]}\n\nNone${weight === 'open' ? '' : ' in what was compared'}.\n`;
    const cells = rows.map(({ where, what, expected, seen }) => [where, what, expected, seen].map(cell));
    const table = [['where', 'what', 'expected', 'seen'], ['---', '---', '---', '---'], ...cells];
    const lines = table.map((row) => `| ${row.join(' | ')} |`).join('\n');
    return `## ${titles[weight]}: ${rows.length}\n\n${meanings[weight]}\n\n${lines}\n`;
  });
  return `# Live check\n\n${compared} docs/live-check.md says what to do with a difference.\n\n${parts.join('\n')}`;
}

/** Escapes text for a cell of a table, addresses and formulas included. */
function cell(text: string): string {
  const short = text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
  const safe = short.replaceAll(
    /[\\`*_{}[\]<>|~#@&!$]|:(?=\/\/)|(?<=www)\./gi,
    (character) => `&#${character.charCodeAt(0)};`,
  );
  return safe.replaceAll(/\s+/g, ' ');
}
