import { quote } from '@runner-actions/core';

/** A place in a file; lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** One mistake in a document. */
export interface Problem extends Position {
  /** Keys from the root, list items by their index. */
  path: readonly (string | number)[];
  /** What stands there, shortened; `undefined` when something is missing. */
  found: string | undefined;
  expected: string;
  /** For an unknown key: the known one that is most like it. */
  nearest?: string;
}

/** A path as people write it, on one line: `tools.node`, `files[0].sha256`. */
export function describePath(path: Problem['path']): string {
  return onOneLine(
    path
      .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
      .join(''),
  );
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (sign) => {
    const escaped = JSON.stringify(sign).slice(1, -1);
    return escaped === sign ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}

/** The problem as one sentence, without its place: that is the annotation's business. */
export function describeProblem({ path, found, expected, nearest }: Problem): string {
  const where = path.length === 0 ? '' : `${withoutPassword(describePath(path))}: `;
  const what = found === undefined ? '' : `found ${quote(withoutPassword(found))}, `;
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  // What the YAML library says may quote the file.
  return `${where}${what}expected ${onOneLine(expected)}.${hint}`;
}

/** A password in an address, also in a malformed one, is nobody's business, least of all a log's. */
function withoutPassword(text: string): string {
  const known = text.slice(0, 1000).replaceAll(/\/\/[^/@\s:]*@/g, '//***@');
  // A password may hold what ends an address elsewhere: all is hidden up to the last '@'.
  const start = known.search(/\/\/[^/@\s:]*:/);
  const end = known.lastIndexOf('@');
  return start === -1 || end < start ? known : `${known.slice(0, start)}//***${known.slice(end)}`;
}

/** The candidate that is at most a third of its letters away from `name`, and has some in common with it. */
export function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .slice(0, 200)
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance < candidate.length)
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.ceil(candidate.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.candidate;
}

/** Levenshtein's distance, one row at a time. Long names are cut: nobody means them by mistake. */
function editDistance(one: string, other: string): number {
  const [left, right] = [one.slice(0, 64), other.slice(0, 64)];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
