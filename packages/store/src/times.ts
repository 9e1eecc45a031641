const nanosecondsOfSecond = 1_000_000_000n;

/** Converts nanoseconds to milliseconds like `Stats.mtimeMs`: the nearest double. */
export function millisecondsOf(nanoseconds: bigint): number {
  const { seconds, rest } = split(nanoseconds);
  return seconds * 1000 + rest / 1e6;
}

/** Returns the largest double of milliseconds that is not later. */
export function notLaterThan(nanoseconds: bigint): number {
  const nearest = millisecondsOf(nanoseconds);
  const { seconds, rest } = split(nanoseconds);
  return (nearest - seconds * 1000) * 1e6 > rest ? before(nearest) : nearest;
}

/**
 * Converts a time to a value for `utimes`. The file's time is then the same or earlier by less than a microsecond,
 * never later: build tools treat a file that is newer by a nanosecond as changed. Node sets times by a double of
 * seconds. Whole seconds are exact, and the order of times is kept.
 * @param milliseconds since the epoch, not later than the exact time
 */
export function settable(milliseconds: number): number | Date {
  // Node treats a negative number as the current time, but accepts a date.
  if (milliseconds < 0) return new Date(Math.floor(milliseconds));
  const seconds = milliseconds / 1000;
  const whole = Math.floor(seconds);
  return (seconds - whole) * 1e9 > (milliseconds - whole * 1000) * 1e6 ? before(seconds) : seconds;
}

/** Milliseconds that `settable` may subtract. Node 20 sets whole microseconds. */
const roundedOff = 0.002;

/** Returns whether a file has the time that `settable` gave it, or the time from which `milliseconds` was read. */
export function isSameTime(found: number, milliseconds: number): boolean {
  return Math.abs(found - milliseconds) <= (milliseconds < 0 ? 1 : roundedOff);
}

function split(nanoseconds: bigint): { seconds: number; rest: number } {
  const rest = Number(nanoseconds % nanosecondsOfSecond);
  const seconds = Number(nanoseconds / nanosecondsOfSecond);
  return rest < 0 ? { seconds: seconds - 1, rest: rest + 1e9 } : { seconds, rest };
}

/** Returns the next smaller double. */
function before(value: number): number {
  const step = Math.abs(value) * 2 ** -53;
  return value - step < value ? value - step : value - 2 * step;
}
