/** Two counters of one part, such as the received and the sent bytes of an interface. */
export type Pair = readonly [number, number];

/**
 * Sums the counters of parts that come, go and restart. The sum never falls. It starts as the sum of the
 * first reading. A counter that fell has restarted: what it says is old or unknown, so it counts from there
 * on. So does a part that appears later, since its counters may be older than its place here, as of an
 * interface from another namespace.
 * @returns a function that takes the parts of a reading and returns the sums
 */
export function growingCounters(): (parts: ReadonlyMap<string, Pair>) => Pair {
  let last: ReadonlyMap<string, Pair> | undefined;
  let [first, second] = [0, 0];
  return (parts) => {
    for (const [name, [a, b]] of parts) {
      const [previousA, previousB] = last === undefined ? [0, 0] : (last.get(name) ?? [a, b]);
      first += Math.max(0, a - previousA);
      second += Math.max(0, b - previousB);
    }
    last = new Map(parts);
    return [first, second];
  };
}
