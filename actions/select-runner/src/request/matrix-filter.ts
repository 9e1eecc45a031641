/**
 * Whether a value matches an entry of `exclude`, or the axes of an entry of `include`. Each leaf of the filter must
 * equal the value at its path, by the rules of GitHub's `==`, so a part of an object is enough, and a filter without
 * leaves matches everything. A path that does not exist has the value `null`.
 */
export function matchesFilter(value: unknown, filter: unknown): boolean {
  if (!isCollection(filter)) return isEqual(value, filter);
  return Object.entries(filter).every(([key, part]) => matchesFilter(valueAt(value, key), part));
}

/** Compares names and texts as GitHub does: without regard to case. */
export function sameText(left: string, right: string): boolean {
  return left === right || left.toLowerCase() === right.toLowerCase();
}

function valueAt(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return (value as unknown[])[Math.floor(toNumber(key))] ?? null;
  if (!isCollection(value)) return null;
  const name = Object.keys(value).find((own) => sameText(own, key));
  return name === undefined ? null : value[name];
}

/**
 * Compares a value with a text, number, boolean or null. Values of different types are converted to numbers.
 * Source: GitHub's page "Evaluate expressions", "Operators".
 */
function isEqual(value: unknown, leaf: unknown): boolean {
  if (typeof value === 'string' && typeof leaf === 'string') return sameText(value, leaf);
  return toNumber(value) === toNumber(leaf);
}

/**
 * Returns NaN, which equals nothing, for an object, a list, and a text that is not a number. GitHub reads numbers as
 * JavaScript does, except for the prefixes `0b`, `0B`, `0O` and `0X`.
 */
function toNumber(value: unknown): number {
  if (isCollection(value) || (typeof value === 'string' && /^\s*0[bBOX]/.test(value))) return Number.NaN;
  return Number(value);
}

function isCollection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
