import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Action } from './actions.ts';

export interface Budget {
  /** Gzipped bytes of a bundle's folder. */
  bundle: number;
  /** For actions that need more, by name. */
  bundles: Record<string, number>;
  /** Gzipped bytes of all bundles together. */
  total: number;
}

/** Gzipped bytes of each file of the bundle, added up: what a download of it costs, roughly. */
export function measure(action: Action): number {
  const dist = join(action.folder, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((path) => join(dist, path));
  return files
    .filter((path) => statSync(path).isFile())
    .reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
}

/** Which bundles pass their budget. */
export function checkSizes(sizes: Record<string, number>, budget: Budget): string[] {
  const over = Object.entries(sizes).flatMap(([name, size]) => {
    const limit = budget.bundles[name] ?? budget.bundle;
    return size <= limit ? [] : [`${name} is ${size} bytes gzipped, over its budget of ${limit}`];
  });
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  return [
    ...over,
    ...(total <= budget.total
      ? []
      : [`all bundles are ${total} bytes gzipped, over the budget of ${budget.total}`]),
  ];
}
