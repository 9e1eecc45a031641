export { type BreakEven, breakEven, type BreakEvenQuestion } from './break-even.ts';
export { comparedLabels, defaultFallback } from './compared-labels.ts';
export { findPrice, type FoundPrice, type RunnerQuestion, type Unpriced } from './find-price.ts';
export { formatMoney } from './format-money.ts';
export {
  type Basis,
  billedMinutes,
  type HostedCost,
  hostedCost,
  type TimedJob,
  type Visibility,
} from './hosted-cost.ts';
export { type HostedTotal, hostedTotal } from './hosted-total.ts';
export { type Micros, microsPerUnit, roundMicros, sumMicros, toMicros } from './money.ts';
export {
  type HourlyRate,
  hourlyRate,
  type MachineCost,
  machineCost,
  type MachinePrice,
  type OwnCost,
  ownCost,
  type OwnMachine,
  type Power,
} from './own-cost.ts';
export { priceOfPool } from './pool-price.ts';
export {
  type HostedRunner,
  normalizeSku,
  type PriceRow,
  type PriceTable,
  type Processor,
  type RunnerKind,
  type System,
} from './price-row.ts';
export { announcedPlatformRate, pricePage, shippedPrices } from './prices.ts';
export { type Saving, savingOf } from './saving.ts';
export { maxAgeDays, staleWarning } from './stale.ts';
