import { monotonicNow } from '@runner-actions/core';
import { lstatSync, lutimesSync } from 'node:fs';

/** Milliseconds. Few file systems have a longer step, and a job should not wait for these. */
const longestStep = 1_100;

/**
 * Waits until the file system's clock moves on: every later change has a different change time than what was inspected
 * before. Linux counts in steps of 1 to 10 ms; since 6.13, some file systems use finer steps where it matters.
 * @param file a file that was just written there
 */
export function passClockStep(file: string): void {
  const time = (): number => lstatSync(file).ctimeMs;
  const before = time();
  const until = monotonicNow() + longestStep;
  for (;;) {
    const now = new Date();
    lutimesSync(file, now, now);
    if (time() !== before || monotonicNow() > until) return;
    pause(1);
  }
}

/** Blocks this process for some milliseconds. The store uses synchronous calls. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
