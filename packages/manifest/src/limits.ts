import type { Problem } from '@runner-actions/config';
import type { Requirement } from './manifest.ts';

/**
 * What a manifest may ask for, with all files that it extends. Real ones ask for far less; a stranger's could keep a
 * machine busy until the time limit of the job.
 */
const most = { requirements: 10_000, patterns: 50, features: 200, ranges: 500 };

/** Returns what a manifest has too much of, each at the first requirement beyond the limit. */
export function excesses(requirements: readonly Requirement[]): Problem[] {
  const features = requirements.filter((one) => one.kind === 'feature');
  const patterns = requirements.filter((one) => one.kind === 'file' && one.name.includes('**'));
  const ranges = features.flatMap((one) => Object.keys(one.needs).map(() => one));
  return [
    ...beyond(requirements, most.requirements, 'requirements; check several manifests in several steps'),
    ...beyond(patterns, most.patterns, 'paths with `**`, which search whole folders; name the folders'),
    ...beyond(features, most.features, 'features'),
    ...beyond(ranges, most.ranges, "ranges in 'dependsOn' of all features"),
  ];
}

function beyond(all: readonly Requirement[], limit: number, what: string): Problem[] {
  const first = all[limit];
  if (first === undefined) return [];
  const { file, line, column } = first;
  return [{ file, line, column, path: [], found: String(all.length), expected: `at most ${limit} ${what}` }];
}
