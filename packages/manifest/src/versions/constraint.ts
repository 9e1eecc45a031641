import type { Scheme } from './scheme.ts';

/** `in` and `not in` ask whether a version belongs to the series of a bound. `=` means this one version. */
export type Operator = '>=' | '>' | '<=' | '<' | '=' | '!=' | 'in' | 'not in';

export interface Constraint {
  operator: Operator;
  /** A version that the scheme can parse. */
  bound: string;
}

export interface WrittenConstraint {
  operator: string;
  bound: string;
}

/** The operators that a range may have. `>>` and `<<` are Debian's. */
export const operators = ['', '=', '==', '!=', '>=', '>', '>>', '<=', '<', '<<', '^', '~', '~>', '~='];

const synonyms: Partial<Record<string, Operator>> = {
  '>=': '>=',
  '>': '>',
  '>>': '>',
  '<=': '<=',
  '<': '<',
  '<<': '<',
};

/**
 * Expands what was written into simple constraints.
 *
 * @param written its operator is one of `operators`
 */
export function expand(
  { operator, bound: text }: WrittenConstraint,
  rules: Scheme,
): readonly Constraint[] | { expected: string } {
  const bound = withoutWildcards(text);
  const isWild = bound !== text;
  const version = (rules.parseBound ?? rules.parse)(bound);
  if (version === undefined || !/^v?\d/i.test(bound))
    return { expected: `a range such as \`${rules.example}\`` };
  const refusal = rules.refuse?.(bound, operator);
  if (refusal !== undefined) return { expected: refusal };
  const equality = equalityOf(operator, isWild || rules.partial === true);
  if (equality !== undefined) return [{ operator: equality, bound }];
  // In the other schemes, a bound is one version, and nobody can say how `>3.*` is meant.
  if (isWild && rules.partial !== true) {
    return { expected: `\`${operator}${bound}\`, or \`${text}\` without \`${operator}\`` };
  }
  const simple = synonyms[operator];
  return simple === undefined ? expandSeries(operator, bound, version, rules) : [{ operator: simple, bound }];
}

function equalityOf(operator: string, isSeries: boolean): Operator | undefined {
  if (operator === '') return 'in';
  if (operator === '=' || operator === '==') return isSeries ? 'in' : '=';
  if (operator === '!=') return isSeries ? 'not in' : '!=';
  return undefined;
}

/** Expands `^`, `~`, `~>` and `~=`: at least the bound, and in the same series. */
function expandSeries(
  operator: string,
  bound: string,
  version: unknown,
  rules: Scheme,
): readonly Constraint[] | { expected: string } {
  const numbers = rules.numbers(version);
  const kept = countOf(operator, numbers);
  const [first = '1'] = numbers;
  if (kept > 0) {
    return [
      { operator: '>=', bound },
      { operator: 'in', bound: rules.series(version, numbers.slice(0, kept)) },
    ];
  }
  if (operator === '~=') return { expected: `two numbers or more after \`~=\`: \`~=${first}.0\`` };
  if (operator === '~>' && rules.pessimisticOfOne === true)
    return [
      { operator: '>=', bound },
      { operator: 'in', bound: first },
    ];
  return {
    expected: `\`^${first}\` or \`>=${first}\`; RubyGems and Terraform disagree about \`~>${first}\``,
  };
}

/** How many numbers of the bound all versions of its series have. */
function countOf(operator: string, numbers: readonly string[]): number {
  if (operator === '^') {
    const leading = numbers.findIndex((number) => /[^0]/.test(number));
    return leading === -1 ? numbers.length : leading + 1;
  }
  // npm: `~1` is 1.x, `~1.2.3` is 1.2.x.
  if (operator === '~') return Math.min(2, numbers.length);
  return numbers.length - 1;
}

/** Removes the `.x` and `.*` from the end of a bound. */
export function withoutWildcards(bound: string): string {
  const parts = bound.split('.');
  return parts.slice(0, 1 + parts.findLastIndex((part, index) => index === 0 || !isWildcard(part))).join('.');
}

/** Whether a part between dots stands for any number. */
export function isWildcard(part: string): boolean {
  return ['x', 'X', '*'].includes(part);
}
