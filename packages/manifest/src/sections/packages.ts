import * as v from 'valibot';
import { described, oneOrMore, textSchema } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, type Entry, entry } from '../requirement.ts';
import { parseRange, type Range } from '../versions/index.ts';
import { type Installable, installableFrom, installKeys } from './installable.ts';
import {
  isLanguageManager,
  languageManagers,
  type PackageManager,
  packageManagers,
  schemeOfManager,
  systemManagers,
} from './package-managers.ts';

export interface PackageRequirement extends BaseRequirement, Installable {
  kind: 'package';
  /** The packages by manager. Those of the machine's manager must all be installed. */
  packages: Partial<Record<PackageManager, readonly string[]>>;
  /** Range of the version, as written. */
  version: string | undefined;
  /** The range by the rules of each manager of `packages`. */
  ranges: Partial<Record<PackageManager, Range>>;
  prerelease: boolean;
}

/** Managers take a leading `-` for an option, and npm's and Go's names are paths. */
const name = v.pipe(
  v.string(),
  v.maxLength(214, 'a name of at most 214 characters'),
  v.regex(/^[\w@][\w.+:@/~-]*$/, 'the name of a package'),
  v.check((text) => !text.split('/').some((part) => part === '..' || part === ''), 'the name of a package'),
);
const names = oneOrMore(name, 'the name of a package such as curl, or a list such as [curl, jq]');
const titles: Readonly<Record<PackageManager, string>> = {
  ...{ apt: 'of Debian and Ubuntu', dnf: 'of Fedora, RHEL and Amazon Linux', zypper: 'of SUSE' },
  ...{ apk: 'of Alpine', pacman: 'of Arch Linux', brew: 'of Homebrew', winget: 'of winget on Windows' },
  ...{ pip: 'of the python3 on PATH', pipx: 'of pipx', npm: 'that npm installed globally' },
  ...{ gem: 'of the ruby on PATH', cargo: 'that cargo installed' },
  go: 'that go installed, each by its path',
};
const namesFor = (manager: PackageManager) =>
  v.optional(described(names, `Names of packages ${titles[manager]}`));
const keys = Object.fromEntries(packageManagers.map((manager) => [manager, namesFor(manager)])) as Record<
  PackageManager,
  ReturnType<typeof namesFor>
>;

const spec = v.strictObject(
  {
    ...keys,
    version: v.optional(described(textSchema, 'Range of the version, by the rules of the manager')),
    prerelease: v.optional(described(v.boolean('true or false'), 'Whether pre-releases count')),
    ...installKeys,
    ...commonKeys,
  },
  'a map such as { apt: [curl, jq] }',
);
type Spec = v.InferOutput<typeof spec>;

/** Packages that are installed. */
export const packages = v.pipe(
  v.array(spec, 'a list such as [{ apt: [curl, jq] }]'),
  v.rawTransform(({ dataset, addIssue }) => {
    type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
    return dataset.value.flatMap((map, index) => {
      const refuse = (message: string, key?: keyof Spec): void => {
        const at = { type: 'array', origin: 'value', key: index, value: map };
        const inside = key === undefined ? [] : [{ type: 'object', origin: 'value', key, value: map }];
        const input = key === undefined ? map : map[key];
        addIssue({ message, input, path: [at, ...inside] as unknown as Path });
      };
      return entriesOf(map, index, refuse);
    });
  }),
);

function entriesOf(
  map: Spec,
  index: number,
  refuse: (message: string, key?: keyof Spec) => void,
): Entry<PackageRequirement>[] {
  const stated = packageManagers.flatMap((manager) => {
    const given = map[manager];
    return given === undefined ? [] : [[manager, [given].flat()] as const];
  });
  const [first, ...others] = stated;
  if (first === undefined) {
    refuse(`the name of a package for one of ${packageManagers.join(', ')}`);
    return [];
  }
  if (others.length > 0 && stated.some(([manager]) => isLanguageManager(manager))) {
    refuse(`one of ${languageManagers.join(', ')}, or names for ${systemManagers.join(', ')}`);
    return [];
  }
  const ranges = rangesOf(
    map.version,
    stated.map(([manager]) => manager),
    refuse,
  );
  const common = {
    kind: 'package' as const,
    version: map.version,
    ranges,
    prerelease: map.prerelease ?? false,
    ...installableFrom(map),
  };
  const make = (packages: PackageRequirement['packages'], names: readonly string[]) =>
    entry({ ...common, name: nameOf(first[0], names), packages }, ['packages', index], map);
  // With one manager, each name is a requirement of its own. Lists for several managers may differ in length.
  if (others.length === 0) return first[1].map((one) => make({ [first[0]]: [one] }, [one]));
  return [make(Object.fromEntries(stated), first[1])];
}

/** A name may be that of a system's package and of a language's. */
function nameOf(manager: PackageManager, names: readonly string[]): string {
  return names.map((name) => (isLanguageManager(manager) ? `${manager}:${name}` : name)).join(', ');
}

function rangesOf(
  text: string | undefined,
  managers: readonly PackageManager[],
  refuse: (message: string, key: keyof Spec) => void,
): PackageRequirement['ranges'] {
  if (text === undefined) return {};
  const ranges = managers.map((manager) => [manager, parseRange(text, schemeOfManager[manager])] as const);
  const refused = ranges.map(([, range]) => range).find((range) => 'expected' in range);
  if (refused !== undefined && 'expected' in refused) refuse(refused.expected, 'version');
  return Object.fromEntries(ranges) as PackageRequirement['ranges'];
}
