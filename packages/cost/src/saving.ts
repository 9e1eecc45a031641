import type { HostedCost } from './hosted-cost.ts';
import { type Micros, sumMicros } from './money.ts';
import type { OwnCost } from './own-cost.ts';

/** What an own machine saved against a hosted runner. A negative amount is what it cost more. */
export type Saving = { kind: 'known'; amount: Micros } | { kind: 'unknown'; why: string };

/**
 * Returns what a job saves on an own machine, in US dollars. Hosted runners are priced in dollars and nothing is
 * converted, so a machine with another currency has no saving that is known.
 */
export function savingOf(hosted: HostedCost, own: OwnCost | undefined): Saving {
  if (hosted.kind === 'unpriced') return { kind: 'unknown', why: hosted.why };
  if (own === undefined) return { kind: 'unknown', why: 'how long the job ran is not known' };
  if (own.currency !== 'USD') return { kind: 'unknown', why: otherCurrency(own.currency) };
  if (own.total === undefined) return { kind: 'unknown', why: 'the cost of the own machine is not known' };
  return { kind: 'known', amount: sumMicros([hosted.cost, -own.total]) };
}

/** Says why amounts in a currency cannot be compared with hosted prices. */
export function otherCurrency(currency: string): string {
  return `hosted runners are priced in USD and the own machine in ${currency}, and nothing is converted`;
}
