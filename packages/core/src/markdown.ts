import { escapeControls } from './errors.ts';

const special = /[\\`*_{}[\]<>()#+!|~$@&-]/g;
/**
 * A zero-width space. It breaks up text that GitHub would turn into a link or a mention and that no escape prevents.
 */
const zeroWidthSpace = '\u200b';
/** All characters that some programs treat as the end of a line. */
const lineEnd = /[\n\v\f\r\u0085\u2028\u2029]+/;

/**
 * Escapes text so that GitHub's Markdown shows it unchanged, on one line. The result creates no mention and no link:
 * names after `@`, issue numbers and addresses are broken up. Source: GitHub Flavored Markdown Spec, "Autolinks
 * (extension)".
 */
export function escapeMarkdown(text: string): string {
  return onOneLine(text)
    .replaceAll(special, (character) => (character === '@' ? `@${zeroWidthSpace}` : `\\${character}`))
    .replaceAll(/#(?=\d)/g, `#${zeroWidthSpace}`)
    .replaceAll(/:(?=\/\/)/g, `:${zeroWidthSpace}`)
    .replaceAll(/www(?=\.)|\bGH(?=\\-\d)/gi, (start) => start + zeroWidthSpace)
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

/** Formats text as a code span that is also safe in a table. Text that contains back-ticks gets a longer fence. */
export function codeSpan(text: string): string {
  const line = text
    .split(lineEnd)
    .join(' ')
    // In a table `\\|` ends a cell, even inside code, and code has no other way to write it.
    .replaceAll(/\\(?=\|)/g, `\\${zeroWidthSpace}`)
    .replaceAll('|', '\\|');
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Formats lines as a block of code, each whole and on a line of its own. No text in it can end the block. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map((line) => escapeControls(line)).join('\n');
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}\n`;
}

/** Formats a link. If `url` is not a plain web address, the result is the text without a link. */
export function link(text: string, url: string): string {
  const shown = escapeMarkdown(text);
  return /^https?:\/\/[\w.:/~%-]+$/.test(url) ? `[${shown}](${url})` : shown;
}

/**
 * Formats a table. Cells are Markdown: escape untrusted text with `escapeMarkdown` or `codeSpan`.
 * This function escapes line breaks and pipes in a cell, so that no cell can end its row.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n') + '\n';
}

function cell(text: string): string {
  return text.replaceAll(/[\r\n]+/g, '<br>').replaceAll(/\\.|\|/g, (part) => (part === '|' ? '\\|' : part));
}

/** Formats a section that is folded until a user clicks it. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`;
}
