import { uptime } from '@runner-actions/core';
import { lstatSync, lutimesSync } from 'node:fs';

/** Few file systems take longer steps, and a job is not to wait for them. Milliseconds. */
const longestStep = 1_100;

/**
 * Waits until the clock of a file system has moved on, so that whatever changes from now on has another time of change than all
 * that was looked at before. Linux counts in steps of 1 to 10 ms, since 6.13 on some file systems in finer ones where it matters.
 * @param file one that was just written there
 */
export function passClockStep(file: string): void {
  const time = (): number => lstatSync(file).ctimeMs;
  const before = time();
  const until = uptime() + longestStep;
  for (;;) {
    const now = new Date();
    lutimesSync(file, now, now);
    if (time() !== before || uptime() > until) return;
    pause(1);
  }
}

/** Stops this process for so many milliseconds: what the store does is done by synchronous calls. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
