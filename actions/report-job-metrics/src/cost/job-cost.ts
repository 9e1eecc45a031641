import { type Config, labelsAndGroupOf, type RunsOnValue } from '@runner-actions/config';
import { codeSpan, escapeMarkdown } from '@runner-actions/core';
import {
  comparedLabels,
  formatMoney,
  type HostedCost,
  hostedCost,
  type HourlyRate,
  hourlyRate,
  type MachinePrice,
  microsPerUnit,
  type Micros,
  type OwnCost,
  ownCost,
  priceOfPool,
  type PriceTable,
  type Saving,
  savingOf,
  shippedPrices,
  staleWarning,
  type Visibility,
} from '@runner-actions/cost';

/** What the cost of a job is computed from. */
export interface CostSettings {
  /** From the input; `undefined`: the pool of the configuration decides. */
  costPerHour: number | undefined;
  currency: string;
  prices: PriceTable;
  pools: Config['pools'];
  fallback: RunsOnValue | undefined;
}

/** The job whose cost is asked. */
export interface TimedJob {
  /** Milliseconds since 1970. */
  startedAt: number;
  milliseconds: number;
  /** Whether GitHub hosts the runner; `undefined` if that is not known: then the job costs as on an own machine. */
  isHosted: boolean | undefined;
  /** Those of `runs-on`; `undefined` if GitHub could not be asked. */
  labels: readonly string[] | undefined;
  group: string | undefined;
  /** RUNNER_OS and RUNNER_ARCH. */
  system: string;
  processor: string;
  visibility: Visibility;
}

export interface JobCost {
  isHosted: boolean;
  /** Whether somebody gave a price, of this machine or in a file. */
  isAsked: boolean;
  /** Of the own machine. Hosted runners are always priced in US dollars. */
  currency: string;
  /** What the own machine costs in an hour; `undefined` on a hosted runner, and where nothing says it. */
  rate: HourlyRate | undefined;
  own: OwnCost | undefined;
  /** On a hosted runner what the job costs, else what it would have cost there. */
  hosted: HostedCost;
  /** The labels of that runner. */
  hostedLabels: readonly string[];
  /** `undefined` on a hosted runner. */
  saving: Saving | undefined;
  warning: string | undefined;
}

/** Computes what a job costs here and there. A table of prices that is too old counts as no table. */
export function costOfJob(job: TimedJob, settings: CostSettings): JobCost {
  const { currency, prices } = settings;
  const isHosted = job.isHosted === true;
  const hostedLabels = isHosted ? (job.labels ?? []) : likeThisMachine(job, settings.fallback);
  const stale = staleWarning(prices, job.startedAt);
  const hosted: HostedCost =
    stale === undefined
      ? hostedCost(prices, { labels: hostedLabels }, job)
      : { kind: 'unpriced', reason: 'no-price-at-date', why: 'the table of prices is too old' };
  const price = isHosted ? undefined : priceOfMachine(job, settings);
  const rate = price && hourlyRate(price);
  const own = rate && ownCost({ rate, currency }, job);
  const saving = isHosted || rate === undefined ? undefined : savingOf(hosted, own);
  const isAsked = rate !== undefined || prices !== shippedPrices;
  return { isHosted, isAsked, currency, rate, own, hosted, hostedLabels, saving, warning: stale };
}

/** Returns the labels of the hosted runner that is compared: the configured one, else one like this machine. */
function likeThisMachine(
  { system, processor }: Pick<TimedJob, 'system' | 'processor'>,
  fallback: RunsOnValue | undefined,
): readonly string[] {
  if (fallback !== undefined) return comparedLabels(fallback);
  if (system === 'macOS') return ['macos-latest'];
  if (system === 'Windows') return ['windows-latest'];
  return processor === 'ARM64' ? ['ubuntu-24.04-arm'] : comparedLabels(undefined);
}

function priceOfMachine(job: TimedJob, settings: CostSettings): MachinePrice | undefined {
  if (settings.costPerHour !== undefined) return { costPerHour: settings.costPerHour };
  const pool = poolOf(job, settings.pools);
  return pool && priceOfPool(pool);
}

type Pool = NonNullable<Config['pools']>[string];

/**
 * Finds the pool of a job: the one of own machines with most labels, if the job requests all of them. Where GitHub could
 * not be asked, it is known only if there is one such pool.
 */
function poolOf({ labels, group }: TimedJob, pools: Config['pools'] = {}): Pool | undefined {
  const own = Object.values(pools).filter(({ kind }) => kind !== 'hosted');
  if (labels === undefined) return own.length === 1 ? own[0] : undefined;
  const requested = new Set(labels.map((label) => label.toLowerCase()));
  const fitting = own
    .map((pool) => ({ pool, ...labelsAndGroupOf(pool['runs-on'] as RunsOnValue) }))
    .filter((pool) => pool.group === undefined || pool.group.toLowerCase() === group?.toLowerCase())
    .filter((pool) => pool.labels.every((label) => requested.has(label.toLowerCase())))
    .sort((a, b) => b.labels.length - a.labels.length);
  return fitting[0]?.pool;
}

/** Says what the job cost, as Markdown; nothing if that is not known for any machine. */
export function costSentences(cost: JobCost): string[] {
  const { isHosted, rate, own, hosted, hostedLabels, saving, currency } = cost;
  if (rate === undefined && hosted.kind === 'unpriced') return [];
  const there = `on ${hostedLabels.length === 0 ? 'a hosted runner' : codeSpan(hostedLabels.join(', '))}`;
  const price =
    hosted.kind === 'unpriced'
      ? `${there} unknown, since ${escapeMarkdown(hosted.why)}`
      : `${formatMoney(hosted.cost)} ${there} (${hosted.minutes} min)`;
  const here =
    rate === undefined
      ? 'this machine has no price; the job would cost '
      : `${money(own?.total, currency)} on this machine, at ${formatMoney(rate.total, currency)} an hour${ifCharged(own)}; `;
  return [
    `Cost: ${isHosted ? '' : here}${price}.${noteOn(hosted)}`,
    ...(saving?.kind === 'known' ? [savingSentence(saving.amount)] : []),
    ...(saving?.kind === 'unknown' && hosted.kind === 'priced'
      ? [`Saving: unknown, since ${saving.why}.`]
      : []),
  ];
}

function noteOn(hosted: HostedCost): string {
  if (hosted.kind === 'unpriced') return '';
  const list =
    hosted.basis === 'free' && hosted.list !== undefined
      ? ` The list price is ${formatMoney(hosted.list)}.`
      : '';
  return `${hosted.note === '' ? '' : ` ${hosted.note}`}${list}`;
}

/** GitHub announced a charge for self-hosted runners and postponed it. */
function ifCharged(own: OwnCost | undefined): string {
  const charge = own?.ifCharged.platform ?? 0;
  return charge === 0 ? '' : ` (${formatMoney(charge)} more if GitHub took its postponed charge)`;
}

/** Says what limits the figures, as plain text. Only to those who asked for costs. */
export function costNotes({ isAsked, rate, hosted, warning }: JobCost): string[] {
  if (!isAsked) return [];
  if (warning !== undefined) return [warning];
  return rate === undefined && hosted.kind === 'unpriced' ? [`Cost: unknown, since ${hosted.why}.`] : [];
}

const money = (amount: Micros | undefined, currency: string): string =>
  amount === undefined ? 'unknown' : formatMoney(amount, currency);

const savingSentence = (amount: Micros): string =>
  amount < 0
    ? `Saving: none; this machine cost ${formatMoney(-amount)} more.`
    : `Saving: ${formatMoney(amount)}.`;

/** Returns the outputs for `when: now`, without amounts that are not known. Amounts have six decimal places. */
export function costOutputs({ isHosted, own, hosted, saving, currency }: JobCost): Record<string, string> {
  const there = hosted.kind === 'priced' ? hosted.cost : undefined;
  const amounts = {
    cost: isHosted ? there : own?.total,
    'hosted-cost': there,
    saving: saving?.kind === 'known' ? saving.amount : undefined,
  };
  const known = Object.entries(amounts).flatMap(([name, micros]) =>
    micros === undefined ? [] : [[name, (micros / microsPerUnit).toFixed(6)]],
  );
  return Object.fromEntries([...known, ['currency', isHosted ? 'USD' : currency]]) as Record<string, string>;
}

/** Returns the part of the JSON report, with amounts in units of their currencies. */
export function reportedCost({
  isHosted,
  currency,
  rate,
  own,
  hosted,
  hostedLabels,
  saving,
  warning,
}: JobCost): unknown {
  const units = (micros: Micros | undefined) => (micros === undefined ? undefined : micros / microsPerUnit);
  return {
    isHosted,
    ...(own === undefined
      ? {}
      : {
          own: {
            currency,
            amount: units(own.total),
            perHour: units(rate?.total),
            ifCharged: units(own.ifCharged.total),
          },
        }),
    hosted: {
      labels: hostedLabels,
      ...(hosted.kind === 'unpriced'
        ? { unpriced: hosted.reason, why: hosted.why }
        : {
            amount: units(hosted.cost),
            list: units(hosted.list),
            minutes: hosted.minutes,
            basis: hosted.basis,
          }),
    },
    ...(saving === undefined ? {} : { saving: saving.kind === 'known' ? units(saving.amount) : undefined }),
    ...(warning === undefined ? {} : { warning }),
  };
}
