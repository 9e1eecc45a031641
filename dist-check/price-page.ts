// Generates the tables of docs/cost.md: the prices of hosted runners, and the keys of a file with prices.
// `npm run docs` writes them with the schemas; `npm run docs:check` fails when they are stale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { formatMoney, type PriceRow, type PriceTable, shippedPrices } from '@runner-actions/cost';
import { priceFileSchema } from '@runner-actions/cost/price-file';
import { root } from './actions.ts';
import { code, replace, table } from './readme.ts';

/** Returns one row for each kind of runner, with its price now and all prices before, the newest first. */
export function priceRows({ rows }: Pick<PriceTable, 'rows'>): string[][] {
  const runners = Map.groupBy(rows, ({ sku, processor }) => `${sku} ${processor}`);
  return [...runners.values()].flatMap((prices) => {
    const [latest, ...earlier] = prices.toSorted((one, other) =>
      (other.effectiveFrom ?? '').localeCompare(one.effectiveFrom ?? ''),
    );
    return latest === undefined
      ? []
      : [[code(latest.sku), runnerOf(latest), labelsOf(latest), priceOf(latest), earlierOf(latest, earlier)]];
  });
}

function runnerOf({ system, processor, cpus, publicCpus, kind }: PriceRow): string {
  const size = publicCpus === undefined ? `${cpus}` : `${cpus} (public: ${publicCpus})`;
  return `${system}, ${processor}, ${size} ${size === '1' ? 'CPU' : 'CPUs'}, ${kind}`;
}

function labelsOf({ labels, kind }: PriceRow): string {
  if (labels.length > 0) return labels.map((label) => code(label)).join(', ');
  return kind === 'standard' ? '–' : 'yours';
}

function priceOf({ price, effectiveFrom }: PriceRow): string {
  return `${formatMoney(price)}${effectiveFrom === undefined ? '' : ` since ${effectiveFrom}`}`;
}

function earlierOf({ effectiveFrom }: PriceRow, earlier: readonly PriceRow[]): string {
  if (earlier.length > 0) return earlier.map((row) => priceOf(row)).join(', ');
  return effectiveFrom === undefined ? 'the same' : 'none';
}

/** Returns one row for each key of a file with prices. */
function keyRows(): string[][] {
  const { runners, ...head } = priceFileSchema.entries;
  const item = runners.wrapped.pipe[0].pipe[0].item;
  return [
    ...Object.entries({ ...head, runners }).map(([key, schema]) => [code(key), aboutOf(schema)]),
    ...Object.entries(item.entries).map(([key, schema]) => [code(`runners[].${key}`), aboutOf(schema)]),
  ];
}

/** Finds the description of a key, which an optional schema keeps in the schema that it wraps. */
function aboutOf(schema: v.GenericSchema): string {
  const inner = 'wrapped' in schema ? (schema.wrapped as v.GenericSchema) : schema;
  const about = v.getDescription(schema) ?? v.getDescription(inner);
  if (about === undefined) throw new Error('a key of the file with prices has no description');
  return about.replaceAll('|', '\\|');
}

/** Returns the path and the fresh text of the page about costs. */
export function pricePages(): [path: string, fresh: string][] {
  const page = join(root, 'docs', 'cost.md');
  const head = ['SKU', 'runner', 'labels', 'dollars a minute', 'before'];
  const prices = [
    `Last compared with GitHub's page on ${shippedPrices.checked}.`,
    table(head, priceRows(shippedPrices)),
  ].join('\n\n');
  const withPrices = replace(readFileSync(page, 'utf8'), 'prices', prices);
  return [[page, replace(withPrices, 'keys: prices', table(['key', 'what it is'], keyRows()))]];
}
