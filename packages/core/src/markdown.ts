const special = /[\\`*_{}[\]<>()#+!|~$@-]/g;

/** Text that GitHub's Markdown shows as it is, on one line. `@` is broken up so that nobody is mentioned. */
export function escapeMarkdown(text: string): string {
  return onOneLine(text)
    .replaceAll(special, (character) => (character === '@' ? '@\u200b' : `\\${character}`));
}

function onOneLine(text: string): string {
  return text
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A code span; text with back-ticks in it gets a longer fence. */
export function codeSpan(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/**
 * A table. Cells are Markdown: escape what is foreign with `escapeMarkdown` or `codeSpan`.
 * Line breaks and bare pipes in a cell are made safe here, so that no cell can end its row.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n') + '\n';
}

function cell(text: string): string {
  return text.replaceAll(/[\r\n]+/g, '<br>').replaceAll(/(?<!\\)\|/g, '\\|');
}

/** A part that is folded until it is clicked. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`;
}
