import { escapeControls, quote } from '@runner-actions/core';

/** A position in a file. Lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** One mistake in a document. */
export interface Problem extends Position {
  /** Keys from the root, list items by their index. */
  path: readonly (string | number)[];
  /** The text that was found; `undefined` if something is missing. */
  found: string | undefined;
  expected: string;
  /** For an unknown key: the most similar known key, or a key with the value that says the same. */
  nearest?: string;
}

/** Formats a path on one line: `tools.node`, `files[0].sha256`. */
export function describePath(path: Problem['path']): string {
  return escapeControls(
    path
      .map((step, index) =>
        typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${clip(step)}`,
      )
      .join(''),
  );
}

/** Cuts a text of a stranger, since a message may quote at most 80 characters of a file that it does not belong to. */
export function clip(text: string, most = 80): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

/** Formats a problem as one sentence, without its position. */
export function describeProblem({ path, found, expected, nearest }: Problem): string {
  const where = path.length === 0 ? '' : `${withoutPassword(describePath(path))}: `;
  const what = found === undefined ? '' : `found ${quote(withoutPassword(found))}, `;
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  // A message may quote the file, as a hint for a range does.
  const wanted = expected.replaceAll(/`([^`]{81,})`/g, (_, quoted: string) => `\`${clip(quoted)}\``);
  return `${where}${what}expected ${escapeControls(wanted)}.${hint}`;
}

/** Returns the first problems, and one more that says how many others there are. */
export function firstProblems(problems: readonly Problem[], most = 20): readonly Problem[] {
  const next = problems[most];
  if (next === undefined) return problems;
  const { file, line, column } = next;
  const expected = `no more mistakes; ${problems.length - most} more are not shown`;
  return [...problems.slice(0, most), { file, line, column, path: [], found: undefined, expected }];
}

/**
 * Replaces the user and password in an address by `***`, also in a malformed address, so that no log shows a
 * password.
 */
function withoutPassword(text: string): string {
  const known = text.slice(0, 1000).replaceAll(/\/\/[^/@\s:]*@/g, '//***@');
  // A password may contain characters that usually end an address, so everything up to the last '@' is hidden.
  const start = known.search(/\/\/[^/@\s:]*:/);
  const end = known.lastIndexOf('@');
  return start === -1 || end < start ? known : `${known.slice(0, start)}//***${known.slice(end)}`;
}

/**
 * Returns the candidate that begins with `name`, or else the one whose edit distance to it is at most a third of its
 * letters, and that shares letters with it.
 */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  const known = candidates.slice(0, 200);
  // People cut a name short: `sha` for `sha256`.
  const longer = known.find((candidate) => name.length > 2 && candidate.startsWith(name.toLowerCase()));
  if (longer !== undefined && longer !== name) return longer;
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance < candidate.length)
    .filter(({ candidate, distance }) => distance <= mostEdits(name, candidate))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.candidate;
}

/** What people write with a key that is unknown here, and what says it. */
const commonWords = [
  { key: 'optional', value: true, instead: 'severity: warn' },
  { key: 'required', value: false, instead: 'severity: warn' },
  { key: 'continue-on-error', value: true, instead: 'severity: warn' },
  { key: 'exists', value: false, instead: 'absent: true' },
  { key: 'present', value: false, instead: 'absent: true' },
] as const;

/** Returns what an unknown key with this value may mean: `severity: warn` for `optional: true`, or the closest name. */
export function likelyMeaning(key: string, value: unknown, known: readonly string[]): string | undefined {
  const word = commonWords.find((one) => one.key === key.toLowerCase() && one.value === value)?.instead;
  return word !== undefined && known.includes(word.split(':', 1)[0] ?? '') ? word : closestName(key, known);
}

/** A third of the letters, rounded up where the first one is right: `grp` may be `group`, but `hash` is not `path`. */
function mostEdits(name: string, candidate: string): number {
  const round = name[0] === candidate[0] ? Math.ceil : Math.floor;
  return Math.max(1, round(candidate.length / 3));
}

/** Computes the Levenshtein distance, one row at a time. Compares only the first 64 letters. */
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
