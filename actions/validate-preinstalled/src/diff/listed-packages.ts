import type { Change } from './compare.ts';

/** The packages of this machine by their manager, or why they cannot be listed. */
type Listed = { manager: string } | { unknown: string };

/** A manifest may name packages for the managers of several systems. Those of others are not on this machine. */
export function isOfManager(kind: string, listed: Listed): boolean {
  if (!kind.endsWith(' package')) return true;
  return 'manager' in listed && kind === `${listed.manager} package`;
}

/** Says that nobody knows which packages are there, if they cannot be listed and the snapshot has some. */
export function unlistedPackages(changes: readonly Change[], listed: Listed): string[] {
  const hasPackages = changes.some(({ kind, change }) => kind.endsWith(' package') && change === 'removed');
  return 'unknown' in listed && hasPackages ? [`packages are not compared: ${listed.unknown}`] : [];
}
