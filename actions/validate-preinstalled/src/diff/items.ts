import {
  type Installable,
  type PackageManager,
  type Range,
  type Requirement,
  schemeOfManager,
  type SchemeName,
  toolNamed,
} from '@runner-actions/manifest';
import { canonicalRange, canonicalText, shownValue } from './canonical.ts';

/** One thing that a manifest states, in a form in which two manifests compare. */
export interface Item {
  kind: string;
  name: string;
  /** Ranges of its version as written. None: it has no version. */
  ranges: readonly string[];
  scheme: SchemeName;
  /** How users write the ranges, if a list or `any-of` states them: then all copies on the machine count. */
  list?: string;
  /** Everything else that is stated about it, as a text that is equal if it means the same. It may contain a secret. */
  detail: string;
  /** `detail` for users. */
  shown: string;
  requirement: Requirement;
}

/** Returns the items of a requirement: one, or for packages one for each name and manager. */
export function itemsOf(requirement: Requirement): Item[] {
  const { kind, name } = requirement;
  const item = { kind, name, ranges: [], scheme: 'semver' as const, requirement };
  switch (requirement.kind) {
    case 'tool':
      return [toolItem(item, requirement)];
    case 'package':
      return packageItems(requirement);
    case 'feature':
      return [featureItem(item, requirement)];
    case 'toolcache': {
      const ranges = requirement.ranges.map(({ text }) => text);
      return [withRest({ ...item, ranges: ranges.length === 0 ? ['latest'] : ranges }, requirement.arch)];
    }
    case 'rust': {
      const { version, components, targets } = requirement;
      return [withRest({ ...item, ranges: [version?.text ?? 'latest'] }, { components, targets })];
    }
    case 'engine':
      return engineItems(item, requirement);
    case 'env': {
      const { secret: _, ...rest } = requirement.spec;
      // A value may be a secret.
      return [withRest(item, rest, 'set as the manifest says')];
    }
    case 'system':
    case 'gpu':
      return [factItem(item, requirement)];
    default:
      return [withRest(item, ownFields(requirement), shownFields(requirement))];
  }
}

type Start = Omit<Item, 'detail' | 'shown'>;

/** @param rest everything that is stated beside the version */
function withRest(item: Start, rest: unknown, shown = shownValue(rest)): Item {
  const { when, severity } = item.requirement;
  // What applies elsewhere, or is only a warning, is another statement.
  const weight = severity === 'error' ? [] : [`severity ${severity}`];
  // Two conditions may have one text: a map may have a value such as "a or b".
  const conditions = when.map(({ alternatives }) => canonicalText(alternatives)).sort();
  const details = [...(rest === undefined ? [] : [canonicalText(rest)]), ...weight, ...conditions];
  const parts = [shown, ...weight, ...when.map(({ text }) => `when ${text}`)];
  return { ...item, detail: details.join(' '), shown: parts.filter((part) => part !== '').join(', ') };
}

function toolItem(item: Start, requirement: Extract<Requirement, { kind: 'tool' }>): Item {
  const { name, ranges, need, isList, command, match, prerelease, run } = requirement;
  const texts = ranges.map(({ text }) => text);
  const isAny = ranges.some(({ any }) => any);
  const stated = need === 'all' ? texts : isAny ? ['latest'] : [texts.join(' || ')];
  const scheme = ranges[0]?.scheme ?? 'semver';
  const rest = { command, match, ...trueKeys({ prerelease, run }), ...installKeys(requirement) };
  const usual = toolNamed(name)?.scheme ?? 'semver';
  const all = { ...rest, ...(scheme === usual ? {} : { scheme }) };
  const list = `${need === 'all' ? '' : 'any-of: '}[${texts.join(', ')}]`;
  const form = isList === true ? { list } : {};
  return withRest({ ...item, ...form, name: toolName(name), ranges: stated, scheme }, withoutNothing(all));
}

function featureItem(item: Start, requirement: Extract<Requirement, { kind: 'feature' }>): Item {
  const { range, path, installsAfter, archives, options, needs } = requirement;
  const versions = (text: (range: Range) => string) =>
    Object.fromEntries(Object.entries(needs).map(([name, one]) => [name, text(one)]));
  const rest = { path, archives, options, installsAfter, ...installKeys(requirement) };
  const compared = { ...rest, needs: versions(({ text, scheme }) => canonicalRange(text, scheme)) };
  const shown = shownValue({ ...rest, needs: versions(({ text }) => text) });
  return withRest({ ...item, ranges: [range.text], scheme: range.scheme }, compared, shown);
}

const trueKeys = (keys: Record<string, boolean>) =>
  Object.fromEntries(Object.entries(keys).filter(([, value]) => value));

/** What says how it is installed, without what is usual. */
function installKeys({ install, dependsOn }: Installable): object {
  return { ...(install ? {} : { install }), ...(dependsOn.length === 0 ? {} : { dependsOn }) };
}

/** Returns `undefined` for a map without a value. */
function withoutNothing(map: object): object | undefined {
  return Object.values(map).every((value) => value === undefined) ? undefined : map;
}

/** Users may write another name of a tool than a snapshot does. */
export function toolName(name: string): string {
  const entry = toolNamed(name);
  return entry?.names.includes(name) === true ? entry.names[0] : name;
}

/** An engine is an item, and so is each of its properties. */
function engineItems(item: Start, { name, spec }: Extract<Requirement, { kind: 'engine' }>): Item[] {
  const { version, ...rest } = spec;
  const properties = Object.entries(rest).filter(([, value]) => value !== undefined);
  return [
    withRest({ ...item, ranges: [version?.text ?? 'latest'] }, undefined),
    ...properties.map(([key, value]) => {
      const one = { ...item, name: `${name} ${key}` };
      const isRange = typeof value === 'object' && 'text' in value;
      return isRange ? withRest({ ...one, ranges: [value.text] }, undefined) : withRest(one, value);
    }),
  ];
}

function packageItems(requirement: Extract<Requirement, { kind: 'package' }>): Item[] {
  const { prerelease } = requirement;
  const rest = withoutNothing({ ...trueKeys({ prerelease }), ...installKeys(requirement) });
  const stated = Object.entries(requirement.packages) as [PackageManager, readonly string[]][];
  return stated.flatMap(([manager, names]) =>
    names.map((name) =>
      withRest(
        {
          kind: `${manager} package`,
          name,
          ranges: [requirement.ranges[manager]?.text ?? 'latest'],
          scheme: schemeOfManager[manager],
          requirement,
        },
        rest,
      ),
    ),
  );
}

function factItem(item: Start, requirement: Extract<Requirement, { kind: 'system' | 'gpu' }>): Item {
  if (requirement.kind === 'system' && requirement.fact === 'distribution')
    return withRest({ ...item, ranges: [requirement.version?.text ?? 'latest'] }, requirement.wanted);
  const wanted: unknown = 'wanted' in requirement ? requirement.wanted : undefined;
  const value = typeof wanted === 'object' && wanted !== null && 'value' in wanted ? wanted.value : undefined;
  // Only a range has alternatives. Sizes and counts are compared as they are written.
  if (typeof value === 'object' && value !== null && 'alternatives' in value)
    return withRest({ ...item, ranges: [(wanted as { text: string }).text] }, undefined);
  return withRest(item, wanted);
}

/** What a requirement has beside its own fields. */
const common = new Set(['kind', 'name', 'severity', 'when', 'timeout', 'written', 'file', 'line', 'column']);

function ownFields(requirement: Requirement): object {
  return Object.fromEntries(Object.entries(requirement).filter(([key]) => !common.has(key)));
}

/** Shows what a requirement states, without its name, which is shown before. */
function shownFields(requirement: Requirement): string {
  const fields: Record<string, unknown> = { ...ownFields(requirement) };
  const { spec, ...others } = fields;
  const stated = { ...others, ...(typeof spec === 'object' ? spec : {}) };
  const named = Object.entries(stated).filter(([, value]) => value !== requirement.name);
  return shownValue(Object.fromEntries(named)) || 'as the manifest says';
}
