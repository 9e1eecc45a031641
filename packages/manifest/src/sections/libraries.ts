import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, type ParsedText, parsedText } from '../requirement.ts';
import { type Installable, installableFrom, installKeys } from './installable.ts';
import { parseRange, type Range } from '../versions/index.ts';

export interface LibraryRequirement extends BaseRequirement, Installable {
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
const range = parsedText((text) => parseRange(text, 'plain'), 'a range such as >=3 or 1.2', '>=3');

const spec = v.strictObject(
  {
    soname: v.optional(described(soname, 'Name of a shared library that the loader finds and can load')),
    symbol: v.optional(
      described(
        oneOrMore(symbol, 'a symbol version such as GLIBCXX_3.4.30, or a list of them'),
        'Symbol versions that the library `soname` defines',
      ),
    ),
    'pkg-config': v.optional(
      described(module, 'Name of a library that pkg-config knows, with all that it needs'),
    ),
    version: v.optional(described(range, 'Range of the version of `pkg-config`')),
    ...installKeys,
    ...commonKeys,
  },
  'a map such as { soname: libssl.so.3 }',
);
type Spec = v.InferOutput<typeof spec>;

/** Shared libraries for programs, and libraries for compilers. */
export const libraries = v.pipe(
  v.array(spec, 'a list such as [{ soname: libssl.so.3 }]'),
  v.rawTransform(({ dataset, addIssue }) => {
    type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
    return dataset.value.map((one, index) => {
      const message = whyWrong(one);
      const path = [{ type: 'array', origin: 'value', key: index, value: one }] as unknown as Path;
      if (message !== undefined) addIssue({ message, input: one, path });
      return entry(requirementOf(one), ['libraries', index], one);
    });
  }),
);

/** Returns what is expected instead, if the keys do not belong together. */
function whyWrong({ soname, symbol, 'pkg-config': module, version }: Spec): string | undefined {
  if ((soname === undefined) === (module === undefined)) return "either 'soname' or 'pkg-config'";
  if (soname !== undefined && version !== undefined)
    return "'symbol' with 'soname', since only 'pkg-config' tells a version";
  return module !== undefined && symbol !== undefined ? "'soname' with 'symbol'" : undefined;
}

function requirementOf(spec: Spec): LibraryRequirement {
  const { soname, symbol, 'pkg-config': module, version } = spec;
  const symbols = symbol === undefined ? [] : [symbol].flat();
  const name = module === undefined ? [soname, ...symbols].join(' ') : `pkg-config ${module}`;
  return { kind: 'library', name, soname, symbols, module, version, ...installableFrom(spec) };
}
