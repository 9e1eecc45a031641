/** Something to install, with the names of what it has to come after. */
export interface Node {
  name: string;
  /** What must be installed before it. */
  dependsOn: readonly string[];
  /** What comes before it only if it is installed too. */
  installsAfter: readonly string[];
}

/**
 * Sorts nodes into rounds: each comes in the first round after all that it has to come after. Names of no node are met
 * already. Nodes keep their order within a round.
 * @returns the rounds, or a cycle as a path that begins and ends with the same name
 */
export function roundsOf<N extends Node>(nodes: readonly N[]): N[][] | { cycle: string[] } {
  const names = new Set(nodes.map(({ name }) => name));
  const before = ({ dependsOn, installsAfter }: Node): string[] =>
    [...dependsOn, ...installsAfter].filter((name) => names.has(name));
  const rounds: N[][] = [];
  const done = new Set<string>();
  let waiting = [...nodes];
  while (waiting.length > 0) {
    const round = waiting.filter((node) => before(node).every((name) => done.has(name)));
    if (round.length === 0) return { cycle: cycleIn(waiting, before, done) };
    rounds.push(round);
    for (const { name } of round) done.add(name);
    waiting = waiting.filter(({ name }) => !done.has(name));
  }
  return rounds;
}

/** Follows what each node waits for. None of them has an end, so that a name comes again. */
function cycleIn(
  waiting: readonly Node[],
  before: (node: Node) => readonly string[],
  done: ReadonlySet<string>,
): string[] {
  const path: string[] = [];
  let name = waiting[0]?.name;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    const node = waiting.find((one) => one.name === name);
    name = node === undefined ? undefined : before(node).find((one) => !done.has(one));
  }
  return name === undefined ? path : [...path.slice(path.indexOf(name)), name];
}
