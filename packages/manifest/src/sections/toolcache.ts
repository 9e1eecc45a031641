import * as v from 'valibot';
import { described, mapOf, oneOrMore } from '@runner-actions/config';
import {
  type BaseRequirement,
  commonKeys,
  entry,
  type ParsedText,
  parsedText,
  removedEntry,
} from '../requirement.ts';
import { parseRange, type Range } from '../versions/index.ts';

export interface ToolcacheRequirement extends BaseRequirement {
  kind: 'toolcache';
  /** Each must be met by a version in the cache. Without ranges, any version does. */
  ranges: readonly ParsedText<Range>[];
  /** Architecture as the tool cache names it: `x64`, `arm64`. `undefined`: the machine's. */
  arch: string | undefined;
  prerelease: boolean;
}

const range = parsedText(
  (text) => parseRange(text, 'semver'),
  'a range such as 22 or >=3.11 <3.13',
  '22',
  '>=3.11 <3.13',
);
const version = oneOrMore(range, "a range such as '>=22', or a list such as [20, 22] for all of them");
const spec = v.strictObject(
  {
    version: v.optional(described(version, 'Range of the version. Of a list, each range must be met')),
    arch: v.optional(
      described(
        v.pipe(v.string(), v.regex(/^\w{1,20}$/, 'an architecture such as x64')),
        'Architecture of the tool',
      ),
    ),
    prerelease: v.optional(described(v.boolean('true or false'), 'Whether pre-releases count')),
    ...commonKeys,
  },
  'a map such as { version: 22, arch: x64 }',
);
const name = v.pipe(
  v.string(),
  v.regex(/^\w[\w.+-]{0,99}$/, 'the name of a folder in the tool cache, such as Python'),
);
const tool = described(
  v.union(
    [version, spec],
    "a range such as '>=22', a list such as [20, 22] for all of them, or a map such as { version: 22 }",
  ),
  'Name of a folder in the tool cache, such as Python, with its range, or with the keys below',
);

/** Tools in the runner's tool cache, where setup actions find them. */
export const toolcache = v.pipe(
  mapOf(name, v.nullable(tool), 'a map such as { node: 22 }'),
  v.transform((written) =>
    Object.entries(written).map(([name, given]) => {
      const none = { kind: 'toolcache' as const, name, ranges: [], arch: undefined, prerelease: false };
      if (given === null) return removedEntry<ToolcacheRequirement>(none, ['toolcache', name]);
      const map: v.InferOutput<typeof spec> =
        Array.isArray(given) || 'value' in given ? { version: given } : given;
      const { version = [], arch, prerelease = false } = map;
      const requirement = { ...none, ranges: [version].flat(), arch, prerelease };
      return entry<ToolcacheRequirement>(requirement, ['toolcache', name], map);
    }),
  ),
);
