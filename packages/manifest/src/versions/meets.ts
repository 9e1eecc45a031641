import type { Constraint, Operator } from './constraint.ts';
import type { Order, Scheme } from './scheme.ts';

export interface Answer {
  met: boolean;
  /** Whether a version is refused for nothing but being a pre-release. */
  isPrerelease: boolean;
  /** The parts of the version that had no part in the comparison. */
  without: readonly string[];
}

/**
 * Whether a version meets all constraints of an alternative. A pre-release must be allowed, or be named by a constraint
 * with the same numbers. Then it is compared as such. One that is only allowed counts as its release.
 */
export function meets<V>(
  found: V,
  alternative: readonly Constraint[],
  rules: Scheme<V>,
  allowPrerelease: boolean,
): Answer {
  const { prereleases } = rules;
  const isPrerelease = prereleases?.is(found) === true;
  const isNamed = isPrerelease && alternative.some((one) => names(one, found, rules));
  const subject = isPrerelease && !isNamed ? prereleases.release(found) : found;
  const without = new Set<string>();
  let met = true;
  for (const { operator, bound: text } of alternative) {
    const bound = boundOf(text, rules);
    const relevant = rules.relevant?.(subject, bound);
    for (const part of relevant?.without ?? []) without.add(part);
    met &&= holds(relevant?.version ?? subject, operator, bound, rules);
  }
  const isRefused = met && isPrerelease && !isNamed && !allowPrerelease;
  return { met: met && !isRefused, isPrerelease: isRefused, without: [...without] };
}

/**
 * Returns a function that tells whether a version meets all constraints. It reads their bounds once, for a caller that
 * asks about many versions.
 */
export function tester<V>(alternative: readonly Constraint[], rules: Scheme<V>): (found: V) => boolean {
  const { prereleases } = rules;
  const all = alternative.map(({ operator, bound }) => ({ operator, bound: boundOf(bound, rules) }));
  return (found) => {
    const isPrerelease = prereleases?.is(found) === true;
    const isNamed = isPrerelease && all.some((one) => namesIt(one, found, rules));
    const subject = isPrerelease && !isNamed ? prereleases.release(found) : found;
    return all.every(({ operator, bound }) =>
      holds(rules.relevant?.(subject, bound).version ?? subject, operator, bound, rules),
    );
  };
}

/** Reads the bound of a constraint. */
export function boundOf<V>(text: string, rules: Scheme<V>): V {
  const bound = rules.parseBound?.(text) ?? rules.parse(text);
  if (bound === undefined) throw new Error(`The bound "${text}" of a parsed range is no version.`);
  return bound;
}

function names<V>({ operator, bound }: Constraint, found: V, rules: Scheme<V>): boolean {
  return namesIt({ operator, bound: boundOf(bound, rules) }, found, rules);
}

function namesIt<V>(
  { operator, bound }: { operator: Operator; bound: V },
  found: V,
  rules: Scheme<V>,
): boolean {
  const { prereleases } = rules;
  if (prereleases?.is(bound) !== true || operator === '!=' || operator === 'not in') return false;
  return rules.compare(prereleases.release(found), prereleases.release(bound)) === 0;
}

function holds<V>(found: V, operator: Operator, bound: V, rules: Scheme<V>): boolean {
  if (operator === 'in') return rules.begins(found, bound);
  if (operator === 'not in') return !rules.begins(found, bound);
  const order = rules.compare(found, bound);
  if (operator === '<') return order < 0 && !leadsTo(found, bound, rules);
  if (operator === '>') return order > 0 && rules.belongs?.(found, bound, operator) !== true;
  if (operator === '<=') return order <= 0 || rules.belongs?.(found, bound, operator) === true;
  return inOrder[operator](order);
}

const inOrder: Record<'>=' | '=' | '!=', (order: Order) => boolean> = {
  '>=': (order) => order >= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** Whether a pre-release of the bound itself is not meant by `<`. */
function leadsTo<V>(found: V, bound: V, { prereleases, compare }: Scheme<V>): boolean {
  if (prereleases === undefined || !prereleases.is(found) || prereleases.is(bound)) return false;
  return !prereleases.isBelow(bound) && compare(prereleases.release(found), bound) === 0;
}
