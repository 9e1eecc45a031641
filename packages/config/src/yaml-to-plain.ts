import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Problem } from './problem.ts';

/** Limits. The number of aliases is higher than in any legitimate file and far lower than in an alias bomb. */
const maxAliases = 100;
const maxNodes = 100_000;
const maxFaults = 100;

export interface Fault {
  offset: number;
  expected: string;
}

export interface PlainYaml {
  value: unknown;
  faults: Fault[];
  /** Returns the offset in the text of the value at `path`, or of its key. */
  offsetOf(path: Problem['path'], part: 'key' | 'value'): number;
}

type Path = Problem['path'];

/** Converts YAML nodes to plain data and records the offset of each part. */
export function toPlain(yaml: Document): PlainYaml {
  const { faults, fault } = collectFaults();
  const places = recordOffsets();
  const open = new Set<Node>();
  let [aliases, nodes] = [0, 0];
  function convert(node: unknown, path: Path, key: number): unknown {
    nodes += 1;
    if (nodes > maxNodes) return fault(key, `at most ${maxNodes} values, aliases expanded`);
    const known = node as Node | null;
    const offset = startOf(known) ?? key;
    places.add(path, known, key);
    if (isAlias(known)) return resolveAlias(known, path, offset);
    if (isScalar(known)) return scalarValue(known);
    if (isMap(known)) return within(known, offset, () => convertMap(known.items, path));
    if (isSeq(known)) {
      return within(known, offset, () =>
        known.items.map((item, index) => convert(item, [...path, index], startOf(item) ?? offset)),
      );
    }
    return null;
  }

  function convertMap(items: readonly { key: unknown; value: unknown }[], path: Path): unknown {
    for (const { offset, expected } of duplicateKeys(items)) fault(offset, expected);
    const pairs = items.map(({ key, value }) => {
      const offset = startOf(key) ?? 0;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : '';
      if (!isScalar(key)) fault(offset, 'a key that is a plain text');
      else if (name === '__proto__') fault(offset, "another key than '__proto__'");
      return [name, convert(value, [...path, name], offset)] as const;
    });
    return Object.fromEntries(pairs.filter(([name]) => name !== '__proto__'));
  }

  function resolveAlias(
    alias: Node & { resolve(document: Document): Node | undefined },
    path: Path,
    offset: number,
  ) {
    aliases += 1;
    if (aliases > maxAliases) return fault(offset, `at most ${maxAliases} aliases`);
    const target = alias.resolve(yaml);
    return target === undefined
      ? fault(offset, "an alias of an anchor above it; put a text that begins with '*' in quotes")
      : convert(target, path, offset);
  }

  function within<T>(node: Node, offset: number, convertItems: () => T): T | undefined {
    if (open.has(node)) return fault(offset, 'an alias that does not contain itself');
    open.add(node);
    const value = convertItems();
    open.delete(node);
    return value;
  }

  const value = convert(yaml.contents, [], 0);
  return { value, faults: inOrder(faults), offsetOf: places.offsetOf };
}

/** Collects faults. An exceeded limit is reported once, every other fault once per place. */
function collectFaults() {
  const faults: Fault[] = [];
  const fault = (offset: number, expected: string): undefined => {
    const isLimit = expected.startsWith('at most ');
    const isKnown = faults.some((one) => one.expected === expected && (isLimit || one.offset === offset));
    if (!isKnown && (isLimit || faults.length < maxFaults)) faults.push({ offset, expected });
  };
  return { faults, fault };
}

function inOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((one, other) => one.offset - other.offset);
}

/** Finds keys that already occurred in the same map. */
function duplicateKeys(items: readonly { key: unknown }[]): Fault[] {
  const names = new Set<string>();
  return items.flatMap(({ key }) => {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
    const isNew = name === undefined || !names.has(name);
    if (name !== undefined) names.add(name);
    return isNew
      ? []
      : [
          {
            offset: startOf(key) ?? 0,
            expected: 'valid YAML (duplicate key; remove one of them)',
          },
        ];
  });
}

/**
 * Records the offset of each part. For a part that does not exist it returns the offset of the nearest part around
 * it.
 */
function recordOffsets(): { add(path: Path, node: Node | null, key: number): void } & Pick<
  PlainYaml,
  'offsetOf'
> {
  const offsets = new Map<string, { key: number; value: number }>();
  const offsetOf: PlainYaml['offsetOf'] = (path, part) => {
    const found = offsets.get(id(path));
    if (found !== undefined) return found[part];
    return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), 'key');
  };
  const add = (path: Path, node: Node | null, key: number): void => {
    // An empty value has no text, so its position is the position of its key.
    const empty = isScalar(node) && node.source === '' && node.type === 'PLAIN';
    const value = empty ? key : (node?.range?.[0] ?? key);
    if (!offsets.has(id(path))) offsets.set(id(path), { key, value });
  };
  return { add, offsetOf };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function id(path: Path): string {
  return JSON.stringify(path);
}

/**
 * Returns the value of a scalar. A number whose text would change (`1.10`, `0755`, `0x1F`, `012345e6`) stays the
 * written text.
 */
function scalarValue({ value, source }: Scalar): unknown {
  if (typeof value === 'number' || typeof value === 'bigint')
    return source !== undefined && String(value) !== source ? source : value;
  return typeof value === 'string' || typeof value === 'boolean' || value === null
    ? value
    : (source ?? String(value));
}
