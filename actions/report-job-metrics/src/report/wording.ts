import { escapeControls, escapeMarkdown } from '@runner-actions/core';

/** Longer names are cut: a table with them would not be readable. */
const maxName = 200;

/** Shows a name that comes from GitHub, on one line. */
export function showName(name: string): string {
  const cut = name.length <= maxName ? name : `${Array.from(name.slice(0, maxName)).slice(0, -1).join('')}…`;
  return escapeControls(escapeMarkdown(cut));
}

/** Formats a share with one digit: `12.5 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Formats a share without digits: `12 %`. */
export function roughPercent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** Formats a percentage rounded up, as `df` does. Removes floating-point errors first. */
export function percentOfDf(share: number): string {
  return `${Math.ceil(Number((share * 100).toFixed(9)))} %`;
}

/** Formats a number of CPUs: `7.6`, `8`, `1.5`. */
export function cpus(count: number): string {
  return String(Number(count.toFixed(1)));
}
