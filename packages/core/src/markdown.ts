const special = /[\\`*_{}[\]<>()#+!|~$@&-]/g;
/** Shown as nothing: it takes apart what GitHub makes more of than text, and no escape keeps it from that. */
const breaker = '\u200b';
/** What some program or other ends a line at. */
const lineEnd = /[\n\v\f\r\u0085\u2028\u2029]+/;

/**
 * Text that GitHub's Markdown shows as it is, on one line. It mentions nobody and links nothing: names after `@`, numbers of
 * issues, and addresses are broken up. Source: GitHub Flavored Markdown Spec, "Autolinks (extension)".
 */
export function escapeMarkdown(text: string): string {
  return onOneLine(text)
    .replaceAll(special, (character) => (character === '@' ? `@${breaker}` : `\\${character}`))
    .replaceAll(/#(?=\d)/g, `#${breaker}`)
    .replaceAll(/:(?=\/\/)/g, `:${breaker}`)
    .replaceAll(/www(?=\.)|\bGH(?=\\-\d)/gi, (start) => start + breaker)
    .replace(/^(\d{1,9})\./, '$1\\.')
    .replace(/^=/, '\\=');
}

function onOneLine(text: string): string {
  return text
    .split(lineEnd)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A code span; text with back-ticks in it gets a longer fence. It may stand in a table. */
export function codeSpan(text: string): string {
  const line = text
    .split(lineEnd)
    .join(' ')
    // A table takes `\\|` for the end of a cell, in code too, and code has no other way to write it.
    .replaceAll(/\\(?=\|)/g, `\\${breaker}`)
    .replaceAll('|', '\\|');
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A link; what is no plain web address is shown as text alone. */
export function link(text: string, url: string): string {
  const shown = escapeMarkdown(text);
  return /^https?:\/\/[\w.:/~%-]+$/.test(url) ? `[${shown}](${url})` : shown;
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
  return text.replaceAll(/[\r\n]+/g, '<br>').replaceAll(/\\.|\|/g, (part) => (part === '|' ? '\\|' : part));
}

/** A part that is folded until it is clicked. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`;
}
