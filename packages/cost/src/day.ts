const millisecondsPerDay = 86_400_000;

/** Returns the day of a moment in UTC, such as `2026-01-01`; `undefined` if it is no moment. @param at milliseconds */
export function dayOf(at: number): string | undefined {
  const date = new Date(at);
  const day = Number.isNaN(date.getTime()) ? '' : date.toISOString().split('T', 1)[0];
  // Years beyond 9999 have a sign and six digits, which do not compare as texts.
  return day?.length === 10 ? day : undefined;
}

/** Whether a text is a day that exists, such as `2026-02-28`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(Date.parse(text)) === text;
}

/** Returns the days from one day to another; negative if the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / millisecondsPerDay);
}
