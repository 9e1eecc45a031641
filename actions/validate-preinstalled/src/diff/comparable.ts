import {
  type Facts,
  isLanguageManager,
  type Manifest,
  type Requirement,
  toolNamed,
  whyNot,
} from '@runner-actions/manifest';
import { snapshotNames } from '../snapshot/section.ts';
import { isOfMachine } from '../snapshot/environment-section.ts';

/** Tells which packages a snapshot has; `undefined` for a manifest that is no snapshot. */
export function snapshotKind({ name }: Manifest): 'all' | 'chosen' | undefined {
  return (['all', 'chosen'] as const).find((kind) => snapshotNames[kind] === name);
}

/**
 * Returns the part of a manifest that a snapshot of a machine can be compared with, and what is left out: a snapshot does
 * not have everything that a manifest can state, and what it does not have is not missing on the machine.
 */
export function comparablePart(
  manifest: Manifest,
  facts: Facts,
): { manifest: Manifest; left: readonly Requirement[] } {
  const isSnapshot = snapshotKind(manifest) !== undefined;
  const here = manifest.requirements.filter(({ when }) =>
    when.every((condition) => whyNot(condition, facts) === undefined),
  );
  const isComparable = (one: Requirement): boolean => snapshotCanHave(one, isSnapshot);
  const requirements = here
    .filter(isComparable)
    .map((one) => ({ ...one, when: [], severity: 'error' as const }));
  return {
    manifest: { ...manifest, requirements },
    left: here.filter((one) => !isComparable(one)),
  };
}

/** Facts that a snapshot has as the least number, so that only two snapshots can be compared by them. */
const numbers = new Set(['cores', 'memory', 'count']);
const facts = new Set([
  ...['os', 'arch', 'distribution', 'kernel', 'glibc', 'musl', 'cores', 'memory'],
  ...['count', 'driver', 'rocm', 'cuda driver', 'cuda toolkit', 'cuda compatibility'],
]);

const engineKeys = ['version', 'api', 'rootless', 'buildx', 'compose'];

function snapshotCanHave(requirement: Requirement, isSnapshot: boolean): boolean {
  switch (requirement.kind) {
    case 'system':
      // A snapshot names a Linux distribution instead of the system.
      return (
        isSnapshot ||
        (requirement.fact !== 'os' && facts.has(requirement.fact) && !numbers.has(requirement.fact))
      );
    case 'gpu':
      return facts.has(requirement.fact) && (isSnapshot || !numbers.has(requirement.fact));
    case 'tool':
      return (
        requirement.command === undefined &&
        toolNamed(requirement.name)?.names.includes(requirement.name) === true
      );
    case 'package':
      return !(Object.keys(requirement.packages) as (keyof typeof requirement.packages)[]).some(
        isLanguageManager,
      );
    case 'env': {
      const { set, secret: _, ...rest } = requirement.spec;
      return set === true && Object.keys(rest).length === 0 && isOfMachine(requirement.name);
    }
    case 'engine':
      return Object.keys(requirement.spec).every((key) => engineKeys.includes(key));
    case 'toolcache':
    case 'rust':
      return isSnapshot;
    default:
      return false;
  }
}
