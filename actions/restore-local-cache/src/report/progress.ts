import { formatBytes, formatDuration, type Step, monotonicNow } from '@runner-actions/core';
import type { OnProgress } from '@runner-actions/store';

/**
 * Returns a tick that calls `report` every `interval` milliseconds during the work, with the totals so far.
 * @param clock a monotonic clock, in milliseconds
 */
export function throttleProgress(
  report: (items: number, bytes: number, milliseconds: number) => void,
  interval = 10_000,
  clock: () => number = monotonicNow,
): OnProgress {
  const started = clock();
  let next = started + interval;
  let [items, bytes, calls] = [0, 0, 0];
  return (moreItems, moreBytes) => {
    items += moreItems;
    bytes += moreBytes;
    calls += 1;
    // Reading the clock costs more than adding. Read it for every 64th item and for large items.
    if (calls % 64 !== 0 && moreBytes < 1_000_000) return;
    const now = clock();
    if (now < next) return;
    next = now + interval;
    report(items, bytes, now - started);
  };
}

/** Logs the progress of long work every ten seconds. */
export function logProgress(step: Step, doing: string): OnProgress {
  return throttleProgress((items, bytes, milliseconds) =>
    step.log.info(
      `${doing}: ${items.toLocaleString('en-US')} files, ${formatBytes(bytes)} after ${formatDuration(milliseconds)}`,
    ),
  );
}
