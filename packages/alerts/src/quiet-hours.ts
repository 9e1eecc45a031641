/** Hours of each day, as minutes since midnight in a time zone. `to` before `from` means on the next day. */
export interface QuietHours {
  from: number;
  to: number;
  /** A name of the IANA database. */
  zone: string;
}

/**
 * Whether a time is within the quiet hours, by the clock on the wall of their zone: a change to summer time moves their
 * end with it. `to` no longer belongs to them.
 * @param time milliseconds since the epoch
 */
export function isQuiet(hours: QuietHours | undefined, time: number): boolean {
  if (hours === undefined) return false;
  const minute = minuteOfDay(time, hours.zone);
  const { from, to } = hours;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minuteOfDay(time: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = format.formatToParts(time);
  const numberOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return numberOf('hour') * 60 + numberOf('minute');
}
