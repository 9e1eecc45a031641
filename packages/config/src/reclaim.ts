/** What a clean-up may free when a disk is low, cheapest to create again first. */
export const reclaimNames = [
  'old-runner-versions',
  'diagnostics',
  'images',
  'build-cache',
  'stale-repositories',
  'derived-data',
  'tool-cache',
  'caches',
] as const;
export type ReclaimName = (typeof reclaimNames)[number];
