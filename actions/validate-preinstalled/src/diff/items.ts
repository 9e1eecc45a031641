import {
  type PackageManager,
  type Requirement,
  schemeOfManager,
  type SchemeName,
  toolNamed,
} from '@runner-actions/manifest';

/** One thing that a manifest states, in a form in which two manifests compare. */
export interface Item {
  kind: string;
  name: string;
  /** Ranges of its version as written. None: it has no version. */
  ranges: readonly string[];
  scheme: SchemeName;
  /** Everything else that is stated about it, as a text that is equal if it is. It may contain a secret. */
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
    case 'toolcache': {
      const ranges = requirement.ranges.map(({ text }) => text);
      return [withRest({ ...item, ranges: ranges.length === 0 ? ['latest'] : ranges }, requirement.arch)];
    }
    case 'rust': {
      const { version, components, targets } = requirement;
      const rest = { components: [...components].sort(), targets: [...targets].sort() };
      return [withRest({ ...item, ranges: [version?.text ?? 'latest'] }, rest)];
    }
    case 'engine':
      return engineItems(item, requirement);
    case 'env': {
      const { secret: _, ...rest } = requirement.spec;
      return [{ ...withRest(item, rest), shown: 'set as the manifest says' }];
    }
    case 'system':
    case 'gpu':
      return [factItem(item, requirement)];
    default:
      return [{ ...withRest(item, ownFields(requirement)), shown: 'as the manifest says' }];
  }
}

type Start = Omit<Item, 'detail' | 'shown'>;

function withRest(item: Start, rest: unknown): Item {
  const detail = rest === undefined ? '' : JSON.stringify(rest);
  return { ...item, detail: detail + conditions(item.requirement), shown: shownText(detail) };
}

/** Shows a text or a list of texts without the signs of JSON. */
function shownText(detail: string): string {
  const value: unknown = detail === '' ? '' : JSON.parse(detail);
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : detail;
}

/** What applies elsewhere is another statement. */
function conditions({ when, severity }: Requirement): string {
  return when.length === 0 && severity === 'error' ? '' : JSON.stringify({ when, severity });
}

function toolItem(item: Start, requirement: Extract<Requirement, { kind: 'tool' }>): Item {
  const { name, ranges, need, command } = requirement;
  const texts = ranges.map(({ text }) => text);
  const isAny = ranges.some(({ any }) => any);
  const stated = need === 'all' ? texts : isAny ? ['latest'] : [texts.join(' || ')];
  const scheme = ranges[0]?.scheme ?? 'semver';
  return withRest({ ...item, name: toolName(name), ranges: stated, scheme }, command);
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
        undefined,
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
