/** The time that is left for some work. A deadline that `limit` creates never ends later than its parent. */
export interface Deadline {
  /** Aborts when the deadline passes. Pass it to `fetch`, timers and processes. */
  readonly signal: AbortSignal;
  /** Returns the milliseconds left; 0 after the deadline has passed. */
  remaining(): number;
  /** Creates a deadline `milliseconds` from now, or at this deadline if that is sooner. */
  limit(milliseconds: number): Deadline;
}

/**
 * Returns milliseconds on a monotonic clock. `performance.now` would load a Node module, which takes as long as most
 * phases.
 */
export function monotonicNow(): number {
  return process.uptime() * 1000;
}

/** The abort reason of a deadline's signal. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(milliseconds: number) {
    super(`the deadline of ${milliseconds} ms passed`);
  }
}

/**
 * Creates a deadline `milliseconds` from now, but not later than `parent`. Its timer does not keep the process alive.
 */
export function startDeadline(milliseconds: number, parent?: Deadline): Deadline {
  const span = Math.max(0, Math.min(milliseconds, parent?.remaining() ?? milliseconds));
  const end = monotonicNow() + span;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlinePassed(span)), Math.min(span, 2 ** 31 - 1));
  timer.unref();
  const deadline: Deadline = {
    signal: parent === undefined ? controller.signal : AbortSignal.any([parent.signal, controller.signal]),
    // A timer may fire slightly early. After the signal has aborted, nothing may be left.
    remaining: () => (deadline.signal.aborted ? 0 : Math.max(0, end - monotonicNow())),
    limit: (within) => startDeadline(within, deadline),
  };
  return deadline;
}

/**
 * Waits for work that cannot be ended, such as a call of the file system, until the deadline passes.
 * @param late the message of the error that is thrown then
 */
export function withinDeadline<T>(work: Promise<T>, { signal }: Deadline, late: string): Promise<T> {
  const passed = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Error(late));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  // What fails after the deadline is nobody's concern.
  work.catch(() => undefined);
  return Promise.race([work, passed]);
}
