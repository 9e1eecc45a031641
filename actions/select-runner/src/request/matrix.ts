import { matchesFilter, sameText } from './matrix-filter.ts';

/** The keys and values that the user gave for one job. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Returns the cells of a matrix after `exclude` and `include`, as GitHub expands it: the last axis changes fastest,
 * and cells that only `include` adds come last. Unlike GitHub, it accepts an axis without values, which gives no cells.
 * Source: actions/runner 2.336.0, MatrixBuilder.cs.
 */
export function expandMatrix(matrix: Readonly<Record<string, unknown>>): Item[] {
  const { include, exclude, ...axes } = matrix;
  const product = Object.entries(axes).reduce<Item[]>(
    (cells, [axis, values]) =>
      cells.flatMap((cell) => (values as unknown[]).map((value) => ({ ...cell, [axis]: value }))),
    [{}],
  );
  const isEmpty = Object.keys(axes).length === 0;
  const kept = isEmpty
    ? []
    : product.filter((cell) => !items(exclude).some((filter) => matchesFilter(cell, filter)));
  return addIncluded(kept, items(include), Object.keys(axes));
}

/**
 * Adds the keys of each `include` entry that are not axes to every cell whose axes the entry matches. An entry that
 * matches no cell becomes a new cell.
 */
function addIncluded(cells: readonly Item[], entries: readonly Item[], axes: readonly string[]): Item[] {
  let extended: Item[] = [...cells];
  const added: Item[] = [];
  for (const entry of entries) {
    const pairs = Map.groupBy(Object.entries(entry), ([key]) => axes.some((axis) => sameText(axis, key)));
    const filter = Object.fromEntries(pairs.get(true) ?? []);
    const extra = Object.fromEntries(pairs.get(false) ?? []);
    const matches = cells.map((cell) => matchesFilter(cell, filter));
    if (matches.includes(true))
      extended = extended.map((cell, index) => (matches[index] === true ? withExtra(cell, extra) : cell));
    else added.push({ ...filter, ...extra });
  }
  return [...extended, ...added];
}

/** Sets keys of a cell. A key that differs only in case keeps its spelling. */
function withExtra(cell: Item, extra: Item): Item {
  const spelled = Object.entries(extra).map(([key, value]) => [
    Object.keys(cell).find((own) => sameText(own, key)) ?? key,
    value,
  ]);
  return { ...cell, ...Object.fromEntries(spelled) };
}

function items(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : [];
}
