import type { Config } from '@runner-actions/config';
import type { MachinePrice } from './own-cost.ts';

type Pool = NonNullable<Config['pools']>[string];

/** Returns what a pool of the configuration says about the cost of its machines: a price per hour, or what it follows from. */
export function priceOfPool({
  'cost-per-hour': costPerHour,
  power,
}: Pick<Pool, 'cost-per-hour' | 'power'>): MachinePrice | undefined {
  if (costPerHour !== undefined) return { costPerHour };
  if (power === undefined) return undefined;
  const { watts, 'price-per-kwh': pricePerKwh, purchase, years } = power;
  return { power: { watts, pricePerKwh, purchase, years } };
}
