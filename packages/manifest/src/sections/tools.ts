import * as v from 'valibot';
import { described, mapOf, oneOrMore, textSchema } from '@runner-actions/config';
import { toolNamed } from '../tools/catalogue.ts';
import { parseRange, type Range, type SchemeName, schemes } from '../versions/index.ts';
import { type Installable, installableFrom, installKeys } from './installable.ts';
import {
  type BaseRequirement,
  commonKeys,
  entry,
  type ParsedText,
  parsedText,
  removedEntry,
} from '../requirement.ts';

export interface ToolRequirement extends BaseRequirement, Installable {
  kind: 'tool';
  /** Ranges of the version. */
  ranges: readonly Range[];
  /** Whether each range must be met, each by one of the versions found, or only one range. */
  need: 'all' | 'any';
  /** Whether a list or `any-of` states the ranges: then all copies on the machine count, also for a list of one. */
  isList?: true;
  prerelease: boolean;
  /** Whether the tool must be run, even where a file tells its version. */
  run: boolean;
  /** A command of the manifest's own that prints the version. */
  command: readonly string[] | undefined;
  /** Reads the version from the command's output: the first group. */
  match: ParsedText<RegExp> | undefined;
}

// eslint-disable-next-line no-restricted-syntax -- Only parsed here; the check runs it with a time limit.
export const regularExpression = parsedText((text) => new RegExp(text), 'a regular expression');

const version = oneOrMore(textSchema, "a range such as '>=20', or a list such as [20, 22] for all of them");
const spec = v.strictObject(
  {
    version: v.optional(described(version, 'Range of the version. Of a list, each range must be met')),
    'any-of': v.optional(
      described(v.array(textSchema, 'a list such as [20, 22]'), 'Ranges, one of which must be met'),
    ),
    prerelease: v.optional(described(v.boolean('true or false'), 'Whether pre-releases count')),
    run: v.optional(
      described(
        v.boolean('true or false'),
        'Whether the tool is run even where a file tells its version, which proves that it starts',
      ),
    ),
    command: v.optional(
      described(
        v.pipe(
          v.array(textSchema, 'a list such as [my-tool, --version]'),
          v.minLength(1, 'a list that is not empty'),
        ),
        'Command that prints the version, for a tool that is not known. Runs only with `allow-commands`',
      ),
    ),
    match: v.optional(
      described(regularExpression, 'Regular expression whose first group is the version in the output'),
    ),
    scheme: v.optional(
      described(v.picklist(schemes, `one of ${schemes.join(', ')}`), 'How versions compare'),
    ),
    ...installKeys,
    ...commonKeys,
  },
  "a map such as { version: '>=20' }",
);
type Spec = v.InferOutput<typeof spec>;

const name = v.pipe(
  v.string(),
  v.regex(/^[^\s/\\:]{1,100}$/, 'the name of a program on PATH, without blanks and folders'),
);
const tool = described(
  v.union(
    [version, spec],
    "a range such as '>=20', a list such as [20, 22] for all of them, or a map such as { any-of: [20, 22] }",
  ),
  'Name of a program on PATH, with its range, or with the keys below. `null` removes what a base requires',
);
const written = mapOf(name, v.nullable(tool), "a map such as { node: '>=20', git: latest }");

/** Programs on PATH, and their versions. */
export const tools = v.pipe(
  written,
  v.rawTransform(({ dataset, addIssue }) => {
    type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
    return Object.entries(dataset.value).map(([name, given]) => {
      const tool = { kind: 'tool' as const, name };
      const none = {
        ranges: [],
        need: 'all' as const,
        prerelease: false,
        run: false,
        command: undefined,
        match: undefined,
        ...installableFrom({}),
      };
      if (given === null) return removedEntry<ToolRequirement>({ ...tool, ...none }, ['tools', name]);
      const isMap = typeof given === 'object' && !Array.isArray(given);
      const map: Spec = isMap ? given : { version: given };
      const scheme = map.scheme ?? toolNamed(name)?.scheme ?? 'semver';
      const refuse = (key: string, message: string, found?: string): void => {
        const step = (key: string, value: unknown) => ({ type: 'object', origin: 'value', key, value });
        const steps = [step(name, given), ...(isMap ? [step(key, map)] : [])];
        addIssue({ message, input: found, path: steps as unknown as Path });
      };
      const requirement = { ...tool, ...readRanges(map, scheme, refuse) };
      return entry<ToolRequirement>(requirement, ['tools', name], map);
    });
  }),
);

function readRanges(
  map: Spec,
  scheme: SchemeName,
  refuse: (key: string, message: string, found?: string) => void,
) {
  const anyOf = map['any-of'];
  if (anyOf !== undefined && map.version !== undefined)
    refuse('any-of', "either 'version' or 'any-of', not both");
  if (map.match !== undefined && map.command === undefined)
    refuse('match', "'match' together with 'command'");
  const key = anyOf === undefined ? 'version' : 'any-of';
  const ranges = [anyOf ?? map.version ?? 'latest'].flat().flatMap((text) => {
    const range = parseRange(text, scheme);
    if (!('expected' in range)) return [range];
    refuse(key, range.expected, text);
    return [];
  });
  const isList = anyOf !== undefined || Array.isArray(map.version);
  return {
    ...{ ranges, need: anyOf === undefined ? ('all' as const) : ('any' as const) },
    ...(isList ? { isList: true as const } : {}),
    ...{ prerelease: map.prerelease ?? false, run: map.run ?? false, command: map.command, match: map.match },
    ...installableFrom(map),
  };
}
