/** The keys and values that the user gave for one job. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Returns the cells of a matrix after `include` and `exclude`, in GitHub's order: the last axis changes fastest, and
 * cells that only `include` adds come last. Source: GitHub's page "Running variations of jobs in a workflow".
 */
export function expandMatrix(matrix: Readonly<Record<string, unknown>>): Item[] {
  const { include, exclude, ...axes } = matrix;
  const product = Object.entries(axes).reduce<Item[]>(
    (cells, [axis, values]) =>
      cells.flatMap((cell) => (values as unknown[]).map((value) => ({ ...cell, [axis]: value }))),
    [{}],
  );
  const isEmpty = Object.keys(axes).length === 0;
  const kept = isEmpty ? [] : product.filter((cell) => !items(exclude).some((one) => fits(one, cell)));
  return addIncluded(kept, items(include), Object.keys(axes));
}

/**
 * Merges each `include` entry into every cell whose axis values it keeps. An entry that fits no cell becomes a new
 * cell.
 */
function addIncluded(cells: readonly Item[], entries: readonly Item[], axes: readonly string[]): Item[] {
  let extended: Item[] = [...cells];
  const added: Item[] = [];
  for (const entry of entries) {
    const own = Object.fromEntries(Object.entries(entry).filter(([key]) => axes.includes(key)));
    const matches = cells.map((cell) => fits(own, cell));
    if (matches.includes(true))
      extended = extended.map((cell, index) => (matches[index] === true ? { ...cell, ...entry } : cell));
    else added.push(entry);
  }
  return [...extended, ...added];
}

function fits(part: Item, cell: Item): boolean {
  return Object.entries(part).every(([key, value]) => JSON.stringify(cell[key]) === JSON.stringify(value));
}

function items(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : [];
}
