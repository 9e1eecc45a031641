import {
  closestName,
  type Document,
  firstProblems,
  type Problem,
  readDocument,
  validate,
} from '@runner-actions/config';
import { microsPerUnit } from './money.ts';
import { type PriceFile, priceFileSchema } from './price-file-schema.ts';
import type { HostedRunner, PriceRow, PriceTable } from './price-row.ts';
import { shippedPrices } from './prices.ts';

export { type PriceFile, priceFileSchema } from './price-file-schema.ts';

/** `wrong`: the file has mistakes, and counts not even in part. */
export type ReadPrices =
  { kind: 'read'; table: PriceTable } | { kind: 'wrong'; problems: readonly Problem[] };

type FileRunner = PriceFile['runners'][number];

/**
 * Reads a YAML file with prices and labels of the user, and adds it to a table, which it overrides. This module is
 * apart from the package's others, since most jobs have no such file and need not load the parser.
 * @param file its name, for messages
 */
export function readPriceFile(text: string, file: string, table: PriceTable = shippedPrices): ReadPrices {
  const document = readDocument(text, file);
  const validation = validate(document, priceFileSchema);
  if (!validation.ok) return { kind: 'wrong', problems: firstProblems(validation.problems) };
  const { runners, checked } = validation.value;
  const known = new Map<string, HostedRunner>();
  for (const row of table.rows) if (!known.has(row.sku)) known.set(row.sku, row);
  const added = { rows: [] as PriceRow[], ownLabels: new Map(table.ownLabels) };
  const problems = runners.flatMap((runner, index) =>
    add(runner, { index, document, known, added, checked }),
  );
  if (problems.length > 0) {
    const inOrder = problems.sort((one, other) => one.line - other.line || one.column - other.column);
    return { kind: 'wrong', problems: firstProblems(inOrder) };
  }
  return {
    kind: 'read',
    table: {
      rows: [...table.rows, ...added.rows],
      ownLabels: added.ownLabels,
      checked: checked !== undefined && checked > table.checked ? checked : table.checked,
    },
  };
}

interface Context {
  index: number;
  document: Document;
  /** Runners by SKU, with those of earlier entries of the file. */
  known: Map<string, HostedRunner>;
  added: { rows: PriceRow[]; ownLabels: Map<string, string> };
  checked: string | undefined;
}

/** Adds an entry of the file to `added`. @returns its mistakes */
function add(entry: FileRunner, context: Context): Problem[] {
  const { document, known, added, checked } = context;
  const wrong = mistakesOf(entry, context);
  if (wrong.length > 0) return wrong;
  const { sku, price, 'effective-from': effectiveFrom } = entry;
  const runner = runnerOf(entry, known.get(sku));
  known.set(sku, known.get(sku) ?? runner);
  for (const label of labelsOf(entry)) added.ownLabels.set(label, sku);
  if (price !== undefined) {
    const origin = { source: document.file, retrieved: checked, isOwn: true };
    added.rows.push({ ...runner, price, effectiveFrom, ...origin });
  }
  return [];
}

/** Returns the runner of an entry. `mistakesOf` has found what a runner of the user's own lacks. */
function runnerOf(entry: FileRunner, known: HostedRunner | undefined): HostedRunner {
  const labels = labelsOf(entry);
  if (known !== undefined) return { ...known, labels };
  const { sku, system = 'linux', processor = 'x64', cpus = 1, kind = 'larger' } = entry;
  return { sku, system, processor, cpus, kind, labels };
}

function labelsOf({ labels = [] }: FileRunner): string[] {
  return [labels].flat();
}

const needed = ['system', 'processor', 'cpus', 'labels', 'price'] as const;
const hardware = ['system', 'processor', 'cpus', 'kind'] as const;

function mistakesOf(entry: FileRunner, context: Context): Problem[] {
  const { sku, price, labels, 'effective-from': from } = entry;
  const { known, added } = context;
  const report = reporter(context);
  const missing = needed.filter((key) => entry[key] === undefined);
  if (!known.has(sku) && missing.length > 0) {
    const expected = `a SKU of GitHub's, or, for one of your own, also ${missing.join(', ')}`;
    return [report(['sku'], sku, expected, closestName(sku, [...known.keys()]))];
  }
  if (price === undefined && labels === undefined) return [report(['sku'], sku, 'also a price, or labels')];
  const isTwice = added.rows.some((row) => row.sku === sku && row.effectiveFrom === from);
  return [
    ...(known.has(sku) ? hardware : [])
      .filter((key) => entry[key] !== undefined)
      .map((key) => report([key], String(entry[key]), `no '${key}' of a SKU that is known: ${sku}`)),
    ...(from !== undefined && price === undefined
      ? [report(['effective-from'], from, "also the key 'price', which is in effect from this day on")]
      : []),
    ...(price !== undefined && isTwice
      ? [report(['price'], String(price / microsPerUnit), `one price of ${sku} from one day on`)]
      : []),
    ...takenLabels(entry, context),
  ];
}

/** Finds labels that an earlier entry gave to another SKU. */
function takenLabels(entry: FileRunner, context: Context): Problem[] {
  const report = reporter(context);
  return labelsOf(entry).flatMap((label, place) => {
    const other = context.added.ownLabels.get(label);
    const path = ['labels', ...(typeof entry.labels === 'string' ? [] : [place])];
    const expected = `a label of one SKU; above, it is one of ${other}`;
    return other === undefined || other === entry.sku ? [] : [report(path, label, expected)];
  });
}

function reporter({ index, document }: Context) {
  return (path: Problem['path'], found: string, expected: string, nearest?: string): Problem => {
    const whole = ['runners', index, ...path];
    const place = document.positionOf(whole, 'value');
    return { ...place, path: whole, found, expected, ...(nearest === undefined ? {} : { nearest }) };
  };
}
