import { dayOf, daysBetween } from './day.ts';
import { pricePage } from './prices.ts';
import type { PriceTable } from './price-row.ts';

/** Days after which nobody can be sure that the prices are still GitHub's. */
export const maxAgeDays = 90;

/**
 * Returns a warning if the table was last compared with GitHub's page more than 90 days before a job; `undefined` if
 * not, or if the date of the job is not known.
 * @param at when the job started, in milliseconds
 */
export function staleWarning({ checked }: PriceTable, at: number): string | undefined {
  const day = dayOf(at);
  const age = day === undefined ? 0 : daysBetween(checked, day);
  if (age <= maxAgeDays) return undefined;
  return (
    `The prices of hosted runners were last checked on ${checked}, ${age} days before this job, and may have changed. ` +
    `Update Runner Actions, or compare them with ${pricePage} and write 'checked: ${day}' in the file of your prices.`
  );
}
