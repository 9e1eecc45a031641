import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, type ParsedText, parsedText } from '../requirement.ts';
import { parseRange, type Range } from '../versions/index.ts';

export interface LibraryRequirement extends BaseRequirement {
  kind: 'library';
  /** Name by which programs load the library, such as libssl.so.3. */
  soname: string | undefined;
  /** Symbol versions that the library must define, such as GLIBCXX_3.4.30. */
  symbols: readonly string[];
  /** Name of the library's file for pkg-config. */
  module: string | undefined;
  version: ParsedText<Range> | undefined;
}

const soname = v.pipe(
  v.string(),
  v.maxLength(255, 'a name of at most 255 characters'),
  v.regex(/^[\w+][\w.+-]*$/, 'the name of a library such as libssl.so.3, without folders'),
);
const module = v.pipe(
  v.string(),
  v.maxLength(255, 'a name of at most 255 characters'),
  v.regex(/^[\w+][\w.+-]*$/, 'the name of a module of pkg-config, such as openssl'),
);
const symbol = v.pipe(v.string(), v.regex(/^[\w.]{1,200}$/, 'a symbol version such as GLIBCXX_3.4.30'));
/** pkg-config compares letters too: 1.1.1w is newer than 1.1.1. */
const range = parsedText((text) => parseRange(text, 'plain'), 'a range such as >=3 or 1.2');

const bySoname = v.strictObject({
  soname: described(soname, 'Name of a shared library that the loader finds and can load'),
  symbol: v.optional(
    described(oneOrMore(symbol, 'symbol versions'), 'Symbol versions that the library defines'),
  ),
  ...commonKeys,
});
const byModule = v.strictObject({
  'pkg-config': described(module, 'Name of a library that pkg-config knows, with all that it needs'),
  version: v.optional(described(range, 'Range of the version')),
  ...commonKeys,
});

/** Shared libraries for programs, and libraries for compilers. */
export const libraries = v.pipe(
  v.array(v.union([bySoname, byModule], '{ soname } with symbol, or { pkg-config } with version'), 'a list'),
  v.transform((listed) => listed.map((one, index) => entry(requirementOf(one), ['libraries', index], one))),
);

function requirementOf(
  one: v.InferOutput<typeof bySoname> | v.InferOutput<typeof byModule>,
): LibraryRequirement {
  if ('soname' in one) {
    const symbols = one.symbol === undefined ? [] : [one.symbol].flat();
    const { soname } = one;
    const name = [soname, ...symbols].join(' ');
    return { kind: 'library', name, soname, symbols, module: undefined, version: undefined };
  }
  const { 'pkg-config': module, version } = one;
  return { kind: 'library', name: `pkg-config ${module}`, soname: undefined, symbols: [], module, version };
}
