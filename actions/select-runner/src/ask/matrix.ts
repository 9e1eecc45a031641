/** One job to place, with all that the user's item says. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * The cells of a matrix with its `include` and `exclude`, in GitHub's order: the last axis turns fastest, what only
 * `include` names comes after. Source: GitHub's page "Running variations of jobs in a workflow".
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

/** An entry extends each cell whose own values it does not change; one that extends none is a cell of its own. */
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
