import { dayOf } from './day.ts';
import { findPrice, type RunnerQuestion, type Unpriced } from './find-price.ts';
import { type Micros, roundMicros } from './money.ts';
import type { HostedRunner, PriceTable } from './price-row.ts';

/** Who can see the repository. GitHub bills internal ones as private ones. */
export type Visibility = 'public' | 'private' | 'internal' | 'unknown';

/**
 * `billed`: at the price of the table. `free`: a standard runner in a public repository. `list`: at the price of the
 * table, though the job may be free, since it is not known who can see the repository.
 */
export type Basis = 'billed' | 'free' | 'list';

/** A job of which the cost is asked. */
export interface TimedJob {
  /** When it started, in milliseconds. The price of that day counts. */
  startedAt: number;
  /** How long it ran, in milliseconds. */
  milliseconds: number;
  visibility: Visibility;
}

/** What a job costs on a hosted runner, in US dollars. */
export type HostedCost =
  | {
      kind: 'priced';
      /** Whole minutes that GitHub counts. */
      minutes: number;
      cost: Micros;
      /** What it would cost if it were not free; `undefined` if the runner had no price on that day. */
      list: Micros | undefined;
      basis: Basis;
      runner: HostedRunner;
      /** What limits the figure, as sentences; '' if nothing does. */
      note: string;
    }
  | { kind: 'unpriced'; reason: Unpriced; why: string };

/** GitHub ends each run after 35 days. Source: https://docs.github.com/en/actions/reference/limits */
const longest = 35 * 86_400_000;

/**
 * Returns the whole minutes that GitHub counts for a job: each part of a minute is a minute.
 * @returns `undefined` if it is not the duration of a job
 */
export function billedMinutes(milliseconds: number): number | undefined {
  return milliseconds >= 0 && milliseconds <= longest ? Math.ceil(milliseconds / 60_000) : undefined;
}

/**
 * Returns what a job costs, or would cost, on a hosted runner. Included minutes and discounts are not subtracted.
 * What has no known price is `unpriced`, never free.
 */
export function hostedCost(table: PriceTable, wanted: RunnerQuestion, job: TimedJob): HostedCost {
  const { milliseconds, startedAt, visibility } = job;
  const minutes = billedMinutes(milliseconds);
  if (minutes === undefined)
    return { kind: 'unpriced', reason: 'no-duration', why: 'how long the job ran is not known' };
  const found = findPrice(table, wanted, dayOf(startedAt));
  if (found.kind === 'none') return { kind: 'unpriced', reason: found.reason, why: found.why };
  const runner = found.kind === 'row' ? found.row : found.runner;
  const isStandard = runner.kind === 'standard';
  if (isStandard && visibility === 'public') {
    const list = found.kind === 'row' ? roundMicros(minutes * found.row.price) : undefined;
    return { kind: 'priced', minutes, cost: 0, list, runner, basis: 'free', note: freeNote };
  }
  if (found.kind === 'runner') return { kind: 'unpriced', reason: found.reason, why: found.why };
  const cost = roundMicros(minutes * found.row.price);
  const priced = { kind: 'priced', minutes, cost, list: cost, runner } as const;
  if (isStandard && visibility === 'unknown') return { ...priced, basis: 'list', note: listNote };
  // What other vendors charge follows their own rules.
  const note = isStandard ? includedNote : found.row.isOwn ? '' : largerNote;
  return { ...priced, basis: 'billed', note };
}

const freeNote = 'Standard runners are free in public repositories.';
const listNote =
  'This is the list price. It is not known whether the repository is public, where standard runners are free.';
const includedNote = "Minutes that the account's plan includes are not subtracted.";
const largerNote = 'Larger runners are billed in public repositories too, and never use included minutes.';
