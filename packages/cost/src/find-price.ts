import { quote } from '@runner-actions/core';
import { type HostedRunner, normalizeSku, type PriceRow, type PriceTable } from './price-row.ts';

/** Why a job has no price. */
export type Unpriced =
  | 'no-labels'
  | 'self-hosted'
  | 'unknown-label'
  | 'ambiguous-labels'
  | 'unknown-sku'
  | 'no-price-at-date'
  | 'no-duration';

/** What is asked for: the labels of a job's `runs-on`, or a SKU of a usage report. */
export type RunnerQuestion = { labels: readonly string[] } | { sku: string };

export type FoundPrice =
  | { kind: 'row'; row: PriceRow }
  /** The runner is known, but it had no price on that day. */
  | { kind: 'runner'; runner: HostedRunner; reason: Unpriced; why: string }
  | { kind: 'none'; reason: Unpriced; why: string };

/**
 * Finds the price that was in effect.
 * @param day in UTC, such as `2026-01-01`; `undefined` if it is not known
 */
export function findPrice(table: PriceTable, wanted: RunnerQuestion, day: string | undefined): FoundPrice {
  const rows = 'sku' in wanted ? rowsOfSku(table, wanted.sku) : rowsOfLabels(table, wanted.labels);
  if (!Array.isArray(rows)) return rows;
  const row = rowInEffect(rows, day);
  if (row !== undefined) return { kind: 'row', row };
  const runner = rows[0] as PriceRow;
  const when = day === undefined ? 'without the date of the job' : `on ${day}`;
  const why = `the table has no price of ${runner.sku} ${when}`;
  return { kind: 'runner', runner, reason: 'no-price-at-date', why };
}

type NoRows = Extract<FoundPrice, { kind: 'none' }>;

function none(reason: Unpriced, why: string): NoRows {
  return { kind: 'none', reason, why };
}

const addToFile = 'add it to the file of your prices';

function rowsOfSku({ rows }: PriceTable, sku: string): PriceRow[] | NoRows {
  const normal = normalizeSku(sku);
  const found = rows.filter((row) => row.sku === normal);
  return found.length > 0
    ? found
    : none('unknown-sku', `the table has no SKU ${quote(sku)}: ${addToFile} if it is one of yours`);
}

/**
 * A label of the user's file decides alone, since the others may only say what else the runner is. Without one, each
 * label must be known: a job with one more label than `ubuntu-latest` does not run on that runner.
 */
function rowsOfLabels(table: PriceTable, given: readonly string[]): PriceRow[] | NoRows {
  const labels = [...new Set(given.map((label) => label.trim().toLowerCase()))];
  if (labels.length === 0) return none('no-labels', 'the job has no labels that name a hosted runner');
  if (labels.includes('self-hosted'))
    return none('self-hosted', "the label 'self-hosted' names a runner that GitHub does not host");
  const own = labels.flatMap((label) => table.ownLabels.get(label) ?? []);
  const groups = own.length > 0 ? own.map((sku) => rowsOfOwn(table, sku)) : rowsByLabel(table, labels);
  if (!Array.isArray(groups)) return groups;
  const skus = [...new Set(groups.map((rows) => rows[0]?.sku ?? ''))];
  return skus.length === 1
    ? (groups[0] ?? [])
    : none('ambiguous-labels', `the labels ${labels.map(quote).join(', ')} have different prices`);
}

function rowsOfOwn({ rows }: PriceTable, sku: string): PriceRow[] {
  return rows.filter((row) => row.sku === sku);
}

function rowsByLabel({ rows }: PriceTable, labels: readonly string[]): PriceRow[][] | NoRows {
  const groups = labels.map((label) => rows.filter((row) => row.labels.includes(label)));
  const unknown = groups.findIndex((group) => group.length === 0);
  if (unknown < 0) return groups.map((group) => withOwnPrices(rows, group));
  const label = quote(labels[unknown] ?? '');
  return none(
    'unknown-label',
    `the table has no label ${label}: ${addToFile} if a larger runner has this name`,
  );
}

/** Adds the user's prices of the same SKU, which may have other hardware and other labels there. */
function withOwnPrices(rows: readonly PriceRow[], group: readonly PriceRow[]): PriceRow[] {
  const [first] = group;
  if (first === undefined) return [];
  const { processor, cpus, labels } = first;
  const own = rows.filter((row) => row.isOwn && row.sku === first.sku);
  return [...group, ...own.map((row) => ({ ...row, processor, cpus, labels }))];
}

/** The user's rows come first: if one is in effect, the shipped ones do not count, not even newer ones. */
function rowInEffect(rows: readonly PriceRow[], day: string | undefined): PriceRow | undefined {
  const own = rows.filter(({ isOwn }) => isOwn);
  if (day !== undefined) return latest(startedBy(day, own)) ?? latest(startedBy(day, rows));
  // Without a date, only a price that never changed is certain.
  const counted = own.length > 0 ? own : rows;
  return counted.every(({ effectiveFrom }) => effectiveFrom === undefined) ? latest(counted) : undefined;
}

function startedBy(day: string, rows: readonly PriceRow[]): PriceRow[] {
  return rows.filter(({ effectiveFrom }) => effectiveFrom === undefined || effectiveFrom <= day);
}

function latest(rows: readonly PriceRow[]): PriceRow | undefined {
  return rows.reduce<PriceRow | undefined>(
    (best, row) =>
      best === undefined || (row.effectiveFrom ?? '') > (best.effectiveFrom ?? '') ? row : best,
    undefined,
  );
}
