import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Action } from './actions.ts';

/** Size limits of bundles, in gzipped bytes. */
export interface Budget {
  /** Limit of a bundle's folder. */
  bundle: number;
  /** Larger limits for some actions, by name; `cli` is the tree of the command, which no job downloads. */
  bundles: Record<string, number>;
  /** Limit of all bundles of actions together. */
  total: number;
  /** Limit of what one phase loads when it has nothing to do. */
  loaded: number;
  /** Recorded size that each phase of each action loads, by action and phase. `checkSizes` reports growth beyond it. */
  baseline: Record<string, Record<string, number>>;
}

/** Measured sizes of one bundle, in gzipped bytes. */
export interface Size {
  bundle: number;
  /** What each phase loads when it has nothing to do, by phase. */
  loaded: Record<string, number>;
}

/** Returns the sum of the gzipped sizes of all files in a bundle, in bytes. This is about the size of its download. */
export function measure(action: Pick<Action, 'folder'>): number {
  const dist = join(action.folder, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((path) => join(dist, path));
  return files
    .filter((path) => statSync(path).isFile())
    .reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
}

/** A phase may load this many times its recorded size before the check fails. */
const tolerance = 1.1;

/**
 * Returns a message for each size that is over its limit, is more than a tenth above its recorded size, or has none
 * recorded.
 */
export function checkSizes(sizes: Record<string, Size>, budget: Budget): string[] {
  const entries = Object.entries(sizes);
  const total = entries.reduce((sum, [, { bundle }]) => sum + bundle, 0);
  const over = entries.flatMap(([name, { bundle }]) => {
    const limit = budget.bundles[name] ?? budget.bundle;
    return bundle <= limit ? [] : [`${name} is ${bundle} bytes gzipped, over its budget of ${limit}`];
  });
  const phases = entries.flatMap(([name, { loaded }]) =>
    Object.entries(loaded).flatMap(([phase, bytes]) => checkLoaded(name, phase, bytes, budget)),
  );
  const all = `all bundles are ${total} bytes gzipped, over the budget of ${budget.total}`;
  return [...over, ...phases, ...(total <= budget.total ? [] : [all])];
}

function checkLoaded(name: string, phase: string, bytes: number, { loaded, baseline }: Budget): string[] {
  const recorded = baseline[name]?.[phase];
  const what = `${name}: ${phase} loads ${bytes} bytes gzipped when it has nothing to do`;
  if (bytes > loaded)
    return [`${what}, over the budget of ${loaded}: import code lazily that not every run needs`];
  if (recorded === undefined) return [`${what}: record this size under "baseline" in dist-check/budget.json`];
  if (bytes <= recorded * tolerance) return [];
  return [
    `${what}, up from ${recorded}: import code lazily that not every run needs, or record the new size under "baseline" in dist-check/budget.json`,
  ];
}
