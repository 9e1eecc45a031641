/** Something to install, with the names of what it has to come after. */
export interface Node {
  name: string;
  /** What must be installed before it. */
  dependsOn: readonly string[];
  /** What comes before it only if it is installed too. */
  installsAfter: readonly string[];
}

/** A node with the names that it still waits for. */
interface Waiting<N> {
  node: N;
  index: number;
  before: Set<string>;
}

/**
 * Sorts nodes into rounds: each comes in the first round after all that it has to come after. Names of no node are met
 * already. Nodes keep their order within a round. The time grows with the number of nodes and names.
 * @returns the rounds, or a cycle as a path that begins and ends with the same name
 */
export function roundsOf<N extends Node>(nodes: readonly N[]): N[][] | { cycle: string[] } {
  const names = new Set(nodes.map(({ name }) => name));
  const all = nodes.map((node, index): Waiting<N> => {
    const before = new Set([...node.dependsOn, ...node.installsAfter].filter((name) => names.has(name)));
    return { node, index, before };
  });
  const behind = new Map([...names].map((name) => [name, [] as Waiting<N>[]]));
  for (const one of all) for (const name of one.before) behind.get(name)?.push(one);
  const rounds: N[][] = [];
  let ready = all.filter(({ before }) => before.size === 0);
  for (let left = all.length; left > 0; left -= ready.length, ready = after(ready, behind)) {
    if (ready.length === 0) return { cycle: cycleIn(all) };
    rounds.push(ready.map(({ node }) => node));
  }
  return rounds;
}

/** Returns what waits for nothing else once these nodes are done. */
function after<N extends Node>(
  done: readonly Waiting<N>[],
  behind: ReadonlyMap<string, Waiting<N>[]>,
): Waiting<N>[] {
  const next = done.flatMap(({ node: { name } }) =>
    (behind.get(name) ?? []).flatMap((one) =>
      one.before.delete(name) && one.before.size === 0 ? [one] : [],
    ),
  );
  return next.sort((one, other) => one.index - other.index);
}

/** Follows what each node waits for. None of them has an end, so that a name comes again. */
function cycleIn(all: readonly Waiting<Node>[]): string[] {
  const waiting = new Map(all.filter(({ before }) => before.size > 0).map((one) => [one.node.name, one]));
  const path = new Set<string>();
  let name = waiting.keys().next().value;
  while (name !== undefined && !path.has(name)) {
    path.add(name);
    const { before } = waiting.get(name) ?? {};
    name = before?.values().next().value;
  }
  const names = [...path];
  return name === undefined ? names : [...names.slice(names.indexOf(name)), name];
}
