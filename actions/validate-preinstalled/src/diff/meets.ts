import type { Requirement } from '@runner-actions/manifest';
import { isMet, versionsOf } from './compare.ts';
import type { Item } from './items.ts';

type Verdict = 'met' | 'unmet' | 'unknown';

/**
 * Judges whether what a snapshot has meets what a manifest wants. A snapshot has sizes and numbers as the least ones, and
 * only the first copy of a tool on PATH.
 */
export function meets(wanted: Item, had: Item): Verdict {
  const stated = statedMeets(wanted.requirement, had.requirement, wanted.name);
  return stated === true ? rangesMeet(wanted, had) : stated === false ? 'unmet' : 'unknown';
}

function rangesMeet(wanted: Item, had: Item): Verdict {
  const ranges = wanted.ranges.filter((range) => range !== 'latest');
  if (ranges.length === 0) return 'met';
  const versions = versionsOf(had.ranges);
  if (versions === undefined) return 'unknown';
  const isEach = ranges.every((range) => isMet(range, versions, [wanted, had]));
  const { requirement } = wanted;
  // Other copies of the tool are in no snapshot.
  const needsCopies = requirement.kind === 'tool' && requirement.isList === true;
  return isEach ? 'met' : needsCopies ? 'unknown' : 'unmet';
}

/** Judges all but the version. `undefined`: a snapshot does not tell. */
function statedMeets(wanted: Requirement, had: Requirement, name: string): boolean | undefined {
  if (wanted.kind === 'system' || wanted.kind === 'gpu') return factMeets(wanted, had);
  if (wanted.kind === 'rust' && had.kind === 'rust')
    return (
      wanted.components.every((one) => had.components.includes(one)) &&
      wanted.targets.every((one) => had.targets.includes(one))
    );
  if (wanted.kind === 'engine' && had.kind === 'engine' && name.endsWith(' rootless'))
    return wanted.spec.rootless === had.spec.rootless;
  if (wanted.kind === 'toolcache' && had.kind === 'toolcache' && wanted.arch !== undefined)
    return had.arch === undefined ? undefined : wanted.arch === had.arch;
  return true;
}

function factMeets(wanted: Requirement, had: Requirement): boolean | undefined {
  const [want, have] = [wantedOf(wanted), wantedOf(had)];
  if (Array.isArray(want))
    return want.length === 0 || (Array.isArray(have) && have.every((one) => want.includes(one)));
  const [least, there] = [amountOf(want), amountOf(have)];
  return least === undefined ? true : there === undefined ? undefined : there >= least;
}

function wantedOf(requirement: Requirement): unknown {
  return 'wanted' in requirement ? requirement.wanted : undefined;
}

/** Returns a number or a size in bytes; `undefined` for a range. */
function amountOf(wanted: unknown): number | undefined {
  if (typeof wanted !== 'object' || wanted === null || !('value' in wanted)) return undefined;
  const { value } = wanted;
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null && 'bytes' in value ? Number(value.bytes) : undefined;
}
