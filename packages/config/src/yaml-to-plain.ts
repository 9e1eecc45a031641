import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Problem } from './problem.ts';

/** More aliases than any honest file has, and far fewer than a bomb needs. */
const maxAliasCount = 100;
const maxNodes = 100_000;
const mostFaults = 100;

export interface Fault {
  offset: number;
  expected: string;
}

export interface Plain {
  value: unknown;
  faults: Fault[];
  /** Where in the text the value at `path` begins, or its key. */
  offsetOf(path: Problem['path'], part: 'key' | 'value'): number;
}

type Path = Problem['path'];

/** Turns YAML nodes into plain data, and remembers where each part stands. */
export function toPlain(yaml: Document): Plain {
  const { faults, fault } = collectFaults();
  const places = rememberPlaces();
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
    for (const { offset, expected } of standingTwice(items)) fault(offset, expected);
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
    if (aliases > maxAliasCount) return fault(offset, `at most ${maxAliasCount} aliases`);
    const target = alias.resolve(yaml);
    return target === undefined
      ? fault(offset, "an alias of an anchor above it; a text that begins with '*' stands in quotes")
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

/** A limit is told once, anything else once at each place. */
function collectFaults() {
  const faults: Fault[] = [];
  const fault = (offset: number, expected: string): undefined => {
    const isLimit = expected.startsWith('at most ');
    const isKnown = faults.some((one) => one.expected === expected && (isLimit || one.offset === offset));
    if (!isKnown && (isLimit || faults.length < mostFaults)) faults.push({ offset, expected });
  };
  return { faults, fault };
}

function inOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((one, other) => one.offset - other.offset);
}

/** Keys that stand in a map before. */
function standingTwice(items: readonly { key: unknown }[]): Fault[] {
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
            expected: 'valid YAML (this key stands here twice; remove one of them)',
          },
        ];
  });
}

/** Where each part stands; of what does not exist, the nearest part around it. */
function rememberPlaces(): { add(path: Path, node: Node | null, key: number): void } & Pick<
  Plain,
  'offsetOf'
> {
  const offsets = new Map<string, { key: number; value: number }>();
  const offsetOf: Plain['offsetOf'] = (path, part) => {
    const found = offsets.get(id(path));
    if (found !== undefined) return found[part];
    return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), 'key');
  };
  const add = (path: Path, node: Node | null, key: number): void => {
    // An empty value has no text of its own: its key is where people look.
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

/** A number whose text is not its own (`1.10`, `0755`, `0x1F`, `012345e6`) stays the text that was written. */
function scalarValue({ value, source }: Scalar): unknown {
  if (typeof value === 'number' || typeof value === 'bigint')
    return source !== undefined && String(value) !== source ? source : value;
  return typeof value === 'string' || typeof value === 'boolean' || value === null
    ? value
    : (source ?? String(value));
}
