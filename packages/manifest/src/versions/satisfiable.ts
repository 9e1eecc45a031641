import type { Constraint } from './constraint.ts';
import { boundOf, tester } from './meets.ts';
import type { Range } from './range.ts';
import { schemeOf } from './schemes.ts';
import type { Scheme } from './scheme.ts';

/**
 * Whether any version meets all constraints. What they allow begins or ends at a bound, so that one of these versions
 * meets them if any does: the bounds and their series, the versions just above these, the ends of
 * the series, and the lowest version.
 */
export function canBeMet(alternative: readonly Constraint[], rules: Scheme): boolean {
  const candidates = [rules.lowest, '0', ...alternative.flatMap(({ bound }) => around(bound, rules))];
  const isMet = tester(alternative, rules);
  return [...new Set(candidates)].some((text) => {
    const version = rules.parseBound?.(text) ?? rules.parse(text);
    return version !== undefined && isMet(version);
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

/** Whether some version meets both ranges. Ranges of different schemes cannot be compared, so that they are no conflict. */
export function canBothBeMet(one: Range, other: Range): boolean {
  if (one.any || other.any || one.scheme !== other.scheme) return true;
  const rules = schemeOf(one.scheme);
  return one.alternatives.some((first) =>
    other.alternatives.some((second) => canBeMet([...first, ...second], rules)),
  );
}
