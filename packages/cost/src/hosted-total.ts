import type { HostedCost } from './hosted-cost.ts';
import { type Micros, sumMicros } from './money.ts';

/** What several jobs cost on hosted runners, in US dollars. */
export interface HostedTotal {
  cost: Micros;
  /** The part for standard runners, from which an account's included minutes are taken. */
  standard: Micros;
  minutes: number;
  jobs: number;
  /** How many jobs have no price. If there are any, the total is "at least" `cost`. */
  unpriced: number;
  /** Why they have none: the sentences, each once, at most ten. */
  reasons: readonly string[];
}

const mostReasons = 10;

/** Adds the costs of jobs. Jobs without a price are counted, never taken for free. */
export function hostedTotal(costs: readonly HostedCost[]): HostedTotal {
  const priced = costs.filter((one) => one.kind === 'priced');
  const unpriced = costs.filter((one) => one.kind === 'unpriced');
  const standard = priced.filter(({ runner }) => runner.kind === 'standard');
  return {
    cost: sumMicros(priced.map(({ cost }) => cost)),
    standard: sumMicros(standard.map(({ cost }) => cost)),
    minutes: priced.reduce((sum, { minutes }) => sum + minutes, 0),
    jobs: costs.length,
    unpriced: unpriced.length,
    reasons: [...new Set(unpriced.map(({ why }) => why))].slice(0, mostReasons),
  };
}
