import { expand, type Constraint, type WrittenConstraint } from './constraint.ts';
import { maxConstraints, maxLength } from './limits.ts';
import {
  aliasHint,
  intervalHint,
  severalHint,
  wordHint,
  operatorHint,
  separatorHint,
  wildcardHint,
} from './refusals.ts';
import { canBeMet } from './satisfiable.ts';
import { type SchemeName, schemeOf } from './schemes.ts';
import type { Scheme } from './scheme.ts';

/** A parsed range. Only `parseRange` makes one. */
export interface Range {
  scheme: SchemeName;
  /** As it was written, without blanks around it. */
  text: string;
  /** Whether every version will do, so that only presence counts: `latest`, `*`, `any`. */
  any: boolean;
  /** A version must meet one of the alternatives, and all constraints of that one. */
  alternatives: readonly (readonly Constraint[])[];
}

/** What is wrong with a range, as the text behind "expected": "3 or newer: `>=3`". */
interface Refusal {
  expected: string;
}

/**
 * Parses `20`, `20.x`, `^20`, `~1.2`, `~> 3.0`, `~=3.9`, `==3.9.*`, `!=3.10`, `>=20 <25`, `>=1, <2`, `1.2 - 2`, `a || b`,
 * `latest`. The scheme parses the versions in it.
 *
 * @returns the range, or what is wrong and which form is right
 */
export function parseRange(text: string, scheme: SchemeName): Range | Refusal {
  const rules = schemeOf(scheme);
  if (text.length > maxLength) return { expected: `a range of at most ${maxLength} characters` };
  const trimmed = text.trim();
  if (trimmed === '')
    return {
      expected: `a range such as \`${rules.example}\`, or \`latest\` for any version, in quotes if it begins with \`>\``,
    };
  if (isAny(trimmed)) return { scheme, text: trimmed, any: true, alternatives: [] };
  const hint =
    intervalHint(trimmed) ?? wordHint(trimmed, (right) => !('expected' in parseRange(right, scheme)));
  if (hint !== undefined) return { expected: hint };
  const alternatives = trimmed.split('||').map((alternative) => parseAlternative(alternative.trim(), rules));
  const wrong = alternatives.find((alternative) => 'expected' in alternative);
  if (wrong !== undefined) return wrong;
  const constraints = alternatives.flatMap((alternative) => ('all' in alternative ? [alternative.all] : []));
  if (constraints.flat().length > maxConstraints) return { expected: 'a range with fewer versions in it' };
  const empty = constraints.findIndex((alternative) => !canBeMet(alternative, rules));
  if (empty === -1) return { scheme, text: trimmed, any: false, alternatives: constraints };
  const several = severalHint(constraints[empty] ?? []);
  if (several !== undefined) return { expected: several };
  const part = trimmed.split('||')[empty]?.trim() ?? '';
  return {
    expected: `a range that a version can meet, such as \`${rules.example}\`; none meets \`${part}\``,
  };
}

function isAny(text: string): boolean {
  return /^(?:latest|any|\*|x)$/i.test(text);
}

function parseAlternative(text: string, rules: Scheme): { all: Constraint[] } | Refusal {
  if (text === '') return { expected: `a range on each side of \`||\`, such as \`18 || 20\`` };
  if (isAny(text)) return { expected: `\`${text}\` alone, as it means any version` };
  const [, from, to] = /^(\S+) +- +(\S+)$/.exec(text) ?? [];
  const written =
    from !== undefined && to !== undefined
      ? [
          { operator: '>=', bound: from },
          { operator: '<=', bound: to },
        ]
      : readConstraints(text, rules);
  if ('expected' in written) return written;
  const all: Constraint[] = [];
  for (const one of written) {
    const constraints = parseConstraint(one, rules);
    if ('expected' in constraints) return constraints;
    all.push(...constraints);
  }
  return { all };
}

/** Cuts at blanks, at commas and before operators, and joins each operator with the version behind it. */
function readConstraints(text: string, rules: Scheme): WrittenConstraint[] | Refusal {
  const found: WrittenConstraint[] = [];
  for (const list of text.split(',')) {
    const words = list
      .replaceAll(/(?<![<>=!~^])(?=[<>=]|!=)/g, ' ')
      .split(/\s+/)
      .filter((one) => one !== '');
    if (words.length === 0) return { expected: `a range on each side of the comma, such as \`>=1, <2\`` };
    let operator = '';
    for (const word of words) {
      const [own = ''] = /^[<>=!~^≤≥]+/.exec(word) ?? [];
      if (own !== '' && operator !== '') return missing(operator, rules);
      operator += own;
      if (own === word) continue;
      found.push({ operator, bound: word.slice(own.length) });
      operator = '';
    }
    if (operator !== '') return missing(operator, rules);
  }
  return found;
}

function missing(operator: string, rules: Scheme): Refusal {
  return { expected: `a version after \`${operator}\`, as in \`${rules.example}\`` };
}

function parseConstraint(written: WrittenConstraint, rules: Scheme): readonly Constraint[] | Refusal {
  const { bound } = written;
  const expected =
    operatorHint(written) ?? separatorHint(bound) ?? aliasHint(bound, rules) ?? wildcardHint(bound);
  return expected === undefined ? expand(written, rules) : { expected };
}
