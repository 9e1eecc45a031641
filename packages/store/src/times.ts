const nanosecondsOfSecond = 1_000_000_000n;

/** A time in milliseconds as `Stats.mtimeMs` has it: the nearest double. */
export function millisecondsOf(nanoseconds: bigint): number {
  const { seconds, rest } = split(nanoseconds);
  return seconds * 1000 + rest / 1e6;
}

/** The largest double of milliseconds that is not later. */
export function notLaterThan(nanoseconds: bigint): number {
  const nearest = millisecondsOf(nanoseconds);
  const { seconds, rest } = split(nanoseconds);
  return (nearest - seconds * 1000) * 1e6 > rest ? before(nearest) : nearest;
}

/**
 * A time as `utimes` is to be given it, so that it comes back as it was or earlier by less than a microsecond, never later:
 * build tools take a file that is newer by a nanosecond for changed. Node sets times by a double of seconds. Whole seconds come
 * back exactly, and the order of times stays.
 * @param milliseconds since the epoch, not later than the time itself
 */
export function settable(milliseconds: number): number | Date {
  // Node takes a negative number for the present; a date it takes as it is.
  if (milliseconds < 0) return new Date(Math.floor(milliseconds));
  const seconds = milliseconds / 1000;
  const whole = Math.floor(seconds);
  return (seconds - whole) * 1e9 > (milliseconds - whole * 1000) * 1e6 ? before(seconds) : seconds;
}

/** What `settable` may take off, in milliseconds; Node 20 sets whole microseconds. */
const roundedOff = 0.002;

/** Whether a file has the time that it was given by `settable`, or that `milliseconds` was read from. */
export function isSameTime(found: number, milliseconds: number): boolean {
  return Math.abs(found - milliseconds) <= (milliseconds < 0 ? 1 : roundedOff);
}

function split(nanoseconds: bigint): { seconds: number; rest: number } {
  const rest = Number(nanoseconds % nanosecondsOfSecond);
  const seconds = Number(nanoseconds / nanosecondsOfSecond);
  return rest < 0 ? { seconds: seconds - 1, rest: rest + 1e9 } : { seconds, rest };
}

/** The next smaller double. */
function before(value: number): number {
  const step = Math.abs(value) * 2 ** -53;
  return value - step < value ? value - step : value - 2 * step;
}
