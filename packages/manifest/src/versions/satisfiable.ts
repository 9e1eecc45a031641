import type { Constraint } from './constraint.ts';
import { boundOf, meets } from './meets.ts';
import type { Scheme } from './scheme.ts';

/**
 * Whether any version meets all constraints. What they allow begins or ends at a bound, so that one of these versions
 * meets them if any does: the bounds and their series, the versions just above these, the ends of
 * the series, and the lowest version.
 */
export function canBeMet(alternative: readonly Constraint[], rules: Scheme): boolean {
  const candidates = [rules.lowest, '0', ...alternative.flatMap(({ bound }) => around(bound, rules))];
  return candidates.some((text) => {
    const version = rules.parseBound?.(text) ?? rules.parse(text);
    if (version === undefined) return false;
    return [false, true].some((allowed) => meets(version, alternative, rules, allowed).met);
  });
}

function around(bound: string, rules: Scheme): string[] {
  const version = boundOf(bound, rules);
  const numbers = rules.numbers(version);
  const series = numbers.map((_, index) => rules.series(version, numbers.slice(0, index + 1)));
  const ends = numbers.map((number, index) =>
    rules.series(version, [...numbers.slice(0, index), String(BigInt(number) + 1n)]),
  );
  return [bound, ...series].flatMap((one) => [one, ...rules.above(one)]).concat(ends);
}
