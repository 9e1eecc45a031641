import { judge, parseRange, type SchemeName } from '@runner-actions/manifest';

/**
 * Returns the range that only this version meets, such as `==1.2.3`. Where the scheme cannot state the whole version, it
 * is that of its numbers, as for a vendor's `1.32.4-dispatcher`. `undefined` if there is none.
 */
export function exactRange(version: string, scheme: SchemeName): string | undefined {
  const whole = version.trim();
  // Such a text would be a list or a choice of ranges.
  if (/[\s|,]/.test(whole)) return undefined;
  const numbers = /^\d+(?:\.\d+)*/.exec(whole)?.[0] ?? '';
  return rangeThatMeets(whole, whole, scheme) ?? rangeThatMeets(numbers, whole, scheme);
}

function rangeThatMeets(bound: string, version: string, scheme: SchemeName): string | undefined {
  const text = `==${bound}`;
  const range = parseRange(text, scheme);
  if ('expected' in range) return undefined;
  const verdict = judge(range, version);
  return 'met' in verdict && verdict.met ? text : undefined;
}

/** Returns the version of an exact range; `undefined` for other ranges. */
export function exactVersion(range: string): string | undefined {
  return /^==?\s*(\d[^\s,|]*|v\d[^\s,|]*)$/.exec(range.trim())?.[1];
}
