/** How long something may still take. A child made by `limit` never outlives its parent. */
export interface Deadline {
  /** Aborts when the time is over; hand it to `fetch`, timers and processes. */
  readonly signal: AbortSignal;
  /** Milliseconds left, 0 when it is over. */
  remaining(): number;
  /** A deadline in `milliseconds` from now, or this one where that is sooner. */
  limit(milliseconds: number): Deadline;
}

/** Milliseconds on a clock that only goes on. For `performance.now` Node would load a module, which takes as long as most phases. */
export function uptime(): number {
  return process.uptime() * 1000;
}

/** The error of a deadline's signal. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(milliseconds: number) {
    super(`the deadline of ${milliseconds} ms passed`);
  }
}

/** A deadline `milliseconds` from now. Its timer does not keep the process alive. */
export function startDeadline(milliseconds: number, parent?: Deadline): Deadline {
  const span = Math.max(0, Math.min(milliseconds, parent?.remaining() ?? milliseconds));
  const end = uptime() + span;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlinePassed(span)), Math.min(span, 2 ** 31 - 1));
  timer.unref();
  const deadline: Deadline = {
    signal: parent === undefined ? controller.signal : AbortSignal.any([parent.signal, controller.signal]),
    // Timers may fire a moment early: who was told that the time is over is to find it over.
    remaining: () => (deadline.signal.aborted ? 0 : Math.max(0, end - uptime())),
    limit: (within) => startDeadline(within, deadline),
  };
  return deadline;
}
