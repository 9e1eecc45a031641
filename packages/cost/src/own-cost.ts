import { billedMinutes, type Visibility } from './hosted-cost.ts';
import { type Micros, roundMicros, sumMicros, toMicros } from './money.ts';
import { announcedPlatformRate } from './prices.ts';

/** What a machine draws and cost. Amounts are in units of one currency. */
export interface Power {
  /** Average draw while it is on, with or without a job. */
  watts: number;
  pricePerKwh: number;
  /** Price of the machine, and the years over which it wears out. Without both, wear is not counted. */
  purchase?: number | undefined;
  years?: number | undefined;
}

export type MachinePrice = { costPerHour: number } | { power: Power };

/** What one machine costs in an hour, with or without a job. */
export interface HourlyRate {
  total: Micros;
  /** Without wear. Of a fixed price per hour nothing is known about its parts, so it is all of it. */
  running: Micros;
  wear: Micros;
}

const hoursPerYear = 365 * 24;
const millisecondsPerHour = 3_600_000;

/**
 * Returns what a machine costs in an hour. Wear is the purchase, spread evenly over all hours of its years.
 * @throws RangeError if an amount is negative or not finite, or if only one of purchase and years is given
 */
export function hourlyRate(price: MachinePrice): HourlyRate {
  if ('costPerHour' in price) {
    const total = toMicros(amount('the cost per hour', price.costPerHour));
    return { total, running: total, wear: 0 };
  }
  const { watts, pricePerKwh, purchase, years } = price.power;
  if ((purchase === undefined) !== (years === undefined))
    throw new RangeError('purchase and years need each other');
  const kilowatts = amount('watts', watts) / 1000;
  const running = toMicros(kilowatts * amount('the price per kWh', pricePerKwh));
  const wear = purchase === undefined || years === undefined ? 0 : wearPerHour(purchase, years);
  return { total: sumMicros([running, wear]), running, wear };
}

function wearPerHour(purchase: number, years: number): Micros {
  if (amount('years', years) === 0) throw new RangeError('years must be more than 0');
  return toMicros(amount('the purchase', purchase) / (years * hoursPerYear));
}

function amount(what: string, value: number): number {
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new RangeError(`${what} must be a number from 0, not ${value}`);
}

/** How an own machine is used and paid for. */
export interface OwnMachine {
  rate: HourlyRate;
  /** Three letters. Only a label: nothing is converted. */
  currency: string;
  /**
   * Share of the time, from 0 to below 1, in which the machine is on without a job. Each job bears its part of it: at
   * 0.75, an hour of jobs comes with three hours without.
   */
  idleShare?: number | undefined;
  /** What GitHub charges for a minute on a self-hosted runner, in millionths of a US dollar. Today that is 0. */
  platformRate?: Micros | undefined;
}

/** What a job costs on an own machine. Amounts are in its currency, except for `platform`. */
export interface OwnCost {
  currency: string;
  /** For the time of the job, and for its part of the time without jobs. */
  busy: Micros;
  idle: Micros;
  /** GitHub's charge, in US dollars. */
  platform: Micros;
  /** `undefined` if there is a charge in dollars, and the machine has another currency. */
  total: Micros | undefined;
  /** A scenario: the same, if GitHub charged what it announced in 2025 and postponed. */
  ifCharged: { platform: Micros; total: Micros | undefined };
}

/**
 * Returns what a job costs on an own machine; `undefined` if its duration is not that of a job. Time is counted by the
 * millisecond, GitHub's charge by the whole minute and not in public repositories, as it was announced.
 * @throws RangeError if the idle share is not from 0 to below 1
 */
export function ownCost(
  machine: OwnMachine,
  job: { milliseconds: number; visibility: Visibility },
): OwnCost | undefined {
  const { rate, currency, idleShare = 0, platformRate = 0 } = machine;
  if (!(idleShare >= 0 && idleShare < 1))
    throw new RangeError(`the idle share must be from 0 to below 1, not ${idleShare}`);
  const minutes = billedMinutes(job.milliseconds);
  if (minutes === undefined) return undefined;
  const whole = costOf(rate.total, job.milliseconds / (1 - idleShare));
  const busy = costOf(rate.total, job.milliseconds);
  const charged = job.visibility === 'public' ? 0 : minutes;
  const withCharge = (perMinute: Micros) => {
    const platform = roundMicros(charged * perMinute);
    const isKnown = platform === 0 || currency === 'USD';
    return { platform, total: isKnown ? sumMicros([whole, platform]) : undefined };
  };
  const ifCharged = withCharge(Math.max(platformRate, announcedPlatformRate));
  return { currency, busy, idle: whole - busy, ...withCharge(platformRate), ifCharged };
}

/** What a machine costs while it is registered, with the part in which it had no job. */
export interface MachineCost {
  total: Micros;
  busy: Micros;
  idle: Micros;
  /** Share of the time without a job, for `OwnMachine`; `undefined` if there was no job. */
  idleShare: number | undefined;
}

/**
 * Returns what a machine cost over a time in which jobs ran on it. With its `idleShare`, the costs of these jobs add up
 * to the same.
 * @param registered how long the machine was on, in milliseconds
 * @param busy how long it had a job; more than `registered` counts as all of it
 */
export function machineCost(rate: HourlyRate, registered: number, busy: number): MachineCost {
  const used = Math.min(amount('the busy time', busy), amount('the registered time', registered));
  const [total, busyCost] = [costOf(rate.total, registered), costOf(rate.total, used)];
  const idleShare = used === 0 ? undefined : 1 - used / registered;
  return { total, busy: busyCost, idle: total - busyCost, idleShare };
}

function costOf(perHour: Micros, milliseconds: number): Micros {
  return roundMicros((perHour * milliseconds) / millisecondsPerHour);
}
