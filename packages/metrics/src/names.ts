import type { Family } from './family.ts';

/** Words in names that stand for a unit that is not a base unit, or for a short form of a unit. */
const otherUnits = new Set(
  (
    'ms us ns sec secs milliseconds microseconds nanoseconds minutes hours days weeks ' +
    'kb mb gb tb kib mib gib tib kilobytes megabytes gigabytes kibibytes mebibytes gibibytes bits ' +
    'percent percentage fahrenheit kelvin cents milliwatts kilowatts kilojoules'
  ).split(' '),
);
/** A name may not name its type. Histograms also have series with the endings below. */
const types = new Set(['gauge', 'counter', 'histogram', 'summary']);
const reservedEndings = ['_total', '_count', '_sum', '_bucket', '_created'];
const maxLength = 100;

/**
 * Says what is wrong with the name, unit or help of a family.
 * Sources: Prometheus, "Metric and label naming" (`promtool check metrics` checks most of it); OpenMetrics 1.0, "Unit"
 * and "Suffixes".
 */
export function mistakeInName({ name, type, unit, help }: Family): string | undefined {
  // A colon is for the names of recording rules.
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > maxLength)
    return 'a name has small letters, digits and _, begins with a letter, and has at most 100 characters';
  if (help.trim() === '') return 'a family needs a help text';
  const word = name.split('_').find((part) => otherUnits.has(part) || types.has(part));
  if (word !== undefined)
    return `'${word}' is the name of a type or not a base unit; use seconds, bytes, ratio, celsius`;
  if (type === 'counter' && !name.endsWith('_total')) return 'the name of a counter ends in _total';
  const ending = reservedEndings.find((each) => name.endsWith(each));
  if (type !== 'counter' && ending !== undefined) return `the name of a ${type} may not end in ${ending}`;
  if (unit === undefined) return undefined;
  if (!/^[a-z]+$/.test(unit) || otherUnits.has(unit)) return `${unit} is not a base unit`;
  return baseName(name).endsWith(`_${unit}`)
    ? undefined
    : `the name does not have its unit, ${unit}, at its end`;
}

/** Returns the name of a family in OpenMetrics, where a counter's has no `_total`. */
export function baseName(name: string): string {
  return name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
}
