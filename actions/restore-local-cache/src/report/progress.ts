import { formatBytes, formatDuration, type Step, uptime } from '@runner-actions/core';
import type { Tick } from '@runner-actions/store';

/**
 * A tick that calls `say` every `interval` milliseconds while work goes on, with what was done till then.
 * @param clock milliseconds that only grow
 */
export function throttleProgress(
  say: (items: number, bytes: number, milliseconds: number) => void,
  interval = 10_000,
  clock: () => number = uptime,
): Tick {
  const started = clock();
  let next = started + interval;
  let [items, bytes, calls] = [0, 0, 0];
  return (moreItems, moreBytes) => {
    items += moreItems;
    bytes += moreBytes;
    calls += 1;
    // The clock is dearer than the sum; large pieces are looked at each time.
    if (calls % 64 !== 0 && moreBytes < 1_000_000) return;
    const now = clock();
    if (now < next) return;
    next = now + interval;
    say(items, bytes, now - started);
  };
}

/** Says every ten seconds how far long work is. */
export function logProgress(step: Step, doing: string): Tick {
  return throttleProgress((items, bytes, milliseconds) =>
    step.log.info(
      `${doing}: ${items.toLocaleString('en-US')} files, ${formatBytes(bytes)} after ${formatDuration(milliseconds)}`,
    ),
  );
}
