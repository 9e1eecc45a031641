import { parseRange, type Range, type SchemeName } from '@runner-actions/manifest';

/** Keys whose lists have an order that matters: arguments, preferences, folders of PATH. */
const ordered = new Set(['command', 'runtimes', 'bin']);

/** Returns a text that two ranges share if they mean the same: `>=20 <25` and `<25, >=20`, or `latest` and `any`. */
export function canonicalRange(text: string, scheme: SchemeName): string {
  const range = parseRange(text, scheme);
  return 'expected' in range ? text : textOfRange(range);
}

function textOfRange({ any, alternatives }: Range): string {
  if (any) return 'latest';
  const texts = alternatives.map((all) =>
    unique(all.map(({ operator, bound }) => `${operator} ${bound.replace(/^v(?=\d)/i, '')}`)).join(' '),
  );
  return unique(texts).join(' || ');
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/**
 * Returns JSON that is the same for all values that mean the same: sizes by their bytes, ranges and lists in one order,
 * and keys without a value left out.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(plain(value)) ?? '';
}

function plain(value: unknown, key = ''): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) {
    const items = value.map((one) => plain(one));
    return ordered.has(key) ? items : unique(items.map((one) => JSON.stringify(one)));
  }
  if (isParsed(value)) return isRange(value.value) ? textOfRange(value.value) : plain(value.value);
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined && typeof one !== 'function')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one, name)]));
}

/** Ranges are told by their keys only where a parser made the value: a manifest's own map may have any keys. */
function isRange(value: unknown): value is Range {
  return typeof value === 'object' && value !== null && 'alternatives' in value && 'scheme' in value;
}

/** A manifest can write these keys too, but no function. */
function isParsed(value: object): value is { text: string; value: unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function' && 'text' in value && 'value' in value;
}

/** Shows a value of a manifest in one line, in the words of the manifest: `mode: 0600; owner: root`. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (isParsed(value)) return value.text;
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  const parts = Object.entries(value).map(([key, one]) => [key, shownValue(one)] as const);
  return parts
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `${key}: ${text}`)
    .join('; ');
}
