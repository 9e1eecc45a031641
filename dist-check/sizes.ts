import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Action } from './actions.ts';

/** All in gzipped bytes. */
export interface Budget {
  /** Of a bundle's folder. */
  bundle: number;
  /** For actions that need more, by name. */
  bundles: Record<string, number>;
  /** Of all bundles together. */
  total: number;
  /** Of what one phase loads though it has nothing to do. */
  loaded: number;
  /** What the phases of each action loaded when this was last looked at. */
  loadedBefore: Record<string, Record<string, number>>;
}

export interface Size {
  bundle: number;
  /** By phase. */
  loaded: Record<string, number>;
}

/** Gzipped bytes of each file of the bundle, added up: what a download of it costs, roughly. */
export function measure(action: Action): number {
  const dist = join(action.folder, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((path) => join(dist, path));
  return files
    .filter((path) => statSync(path).isFile())
    .reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
}

/** How much more a phase may load before somebody has to say so. */
const tolerance = 1.1;

/** Which bundles pass their budget. */
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

function checkLoaded(name: string, phase: string, bytes: number, { loaded, loadedBefore }: Budget): string[] {
  const before = loadedBefore[name]?.[phase];
  const what = `${name}: ${phase} loads ${bytes} bytes gzipped before it has anything to do`;
  if (bytes > loaded)
    return [`${what}, over the budget of ${loaded}: import lazily what not every run needs`];
  if (before === undefined) return [`${what}: note that in loadedBefore of dist-check/budget.json`];
  if (bytes <= before * tolerance) return [];
  return [
    `${what}, and it was ${before}: import lazily what not every run needs, or note the new size in loadedBefore of dist-check/budget.json`,
  ];
}
