import { type VersionMeaning, moves } from './version-meaning.ts';

/** A version of npm's grammar whose parts may be missing or `x`. */
interface Partial {
  /** The parts before the first missing one or `x`. */
  numbers: number[];
  /** `1.2.3-rc.1`, if all three parts are there. */
  full: string | undefined;
}

/**
 * Translates a range of npm (https://github.com/npm/node-semver, "Ranges"). In npm `>18` is above all of 18.x,
 * `<=18` includes them, `~>1.2` is `~1.2`, and an operator may stand apart from its version; other grammars see this
 * differently, so the result has none of it.
 */
export function npmRange(text: string): VersionMeaning {
  if (text.length > 200) return { why: 'is longer than a range' };
  const sets = text.split('||').map((set) => readSet(set.trim()));
  if (sets.includes(undefined)) {
    return { why: /^[a-z]+$/i.test(text.trim()) ? moves : 'is no range of npm' };
  }
  if (sets.includes('')) return { version: 'latest' };
  return { version: sets.join(' || ') };
}

/** Returns the comparators of a set; empty for any version, `undefined` if it cannot be read. */
function readSet(set: string): string | undefined {
  const [low, high, ...more] = set.split(/\s+/).join(' ').split(' - ');
  if (high !== undefined) {
    const [from, to] = [readPartial(low ?? ''), readPartial(high)];
    if (from === undefined || to === undefined || more.length > 0) return undefined;
    return joined([comparator('>=', from), comparator('<=', to)]);
  }
  return joined(
    comparators(set).map((word) => {
      const [, operator = '', version = ''] = /^(>=|<=|~>|[<>=~^]?)(.*)$/.exec(word) ?? [];
      const partial = readPartial(version);
      return partial === undefined ? undefined : comparator(operator, partial);
    }),
  );
}

/** Splits at spaces, and puts an operator that stands apart before its version: `>= 18 <20`. */
export function comparators(text: string): string[] {
  const all: string[] = [];
  for (const word of text.split(/\s+/)) {
    if (/^[<>=~^!]+$/.test(all.at(-1) ?? '')) all.push(`${all.pop()}${word}`);
    else if (word !== '') all.push(word);
  }
  return all;
}

function joined(parts: (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.filter((part) => part !== '').join(' ');
}

function readPartial(text: string): Partial | undefined {
  const parts =
    /^[vV=]?(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?(-[\w.-]+)?(?:\+[\w.-]+)?$/;
  const [, ...found] = parts.exec(text) ?? [];
  if (found.length === 0) return undefined;
  const pre = found.pop();
  const end = found.findIndex((part) => part === undefined || /^[xX*]$/.test(part));
  const numbers = found.slice(0, end === -1 ? 3 : end).map(Number);
  return { numbers, full: numbers.length < 3 ? undefined : `${numbers.join('.')}${pre ?? ''}` };
}

/** Writes one comparator. An empty text is met by every version. */
function comparator(operator: string, { numbers, full }: Partial): string | undefined {
  const text = full ?? numbers.join('.');
  if (numbers.length === 0) return operator === '<' || operator === '>' ? undefined : '';
  if (operator === '' || operator === '=') return text;
  if (operator === '~>' || operator === '~') return `~${text}`;
  if (operator === '>' && full === undefined) return `>=${next(numbers)}`;
  if (operator === '<=' && full === undefined) return `<${next(numbers)}`;
  return `${operator}${text}`;
}

/** The first version after all that begin with these numbers. */
function next(numbers: number[]): string {
  return [...numbers.slice(0, -1), (numbers.at(-1) ?? 0) + 1].join('.');
}
