import {
  type Facts,
  isLanguageManager,
  type Manifest,
  type PackageManager,
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
 * Returns the part of a manifest that applies on a machine and that a snapshot of it tells, and the other requirements
 * that apply: what a snapshot does not have is not missing on the machine.
 */
export function comparablePart(
  manifest: Manifest,
  facts: Facts,
): { manifest: Manifest; left: readonly Requirement[] } {
  const here = manifest.requirements.filter(({ when }) =>
    when.every((condition) => whyNot(condition, facts) === undefined),
  );
  const requirements = here
    .filter(snapshotTells)
    .map((one) => ({ ...one, when: [], severity: 'error' as const }));
  return { manifest: { ...manifest, requirements }, left: here.filter((one) => !snapshotTells(one)) };
}

const facts = new Set([
  ...['os', 'arch', 'distribution', 'kernel', 'glibc', 'musl', 'cores', 'memory'],
  ...['count', 'driver', 'rocm', 'cuda driver', 'cuda toolkit', 'cuda compatibility'],
]);

const engineKeys = ['version', 'api', 'rootless', 'buildx', 'compose'];

/** Tells whether a snapshot of a machine would have this requirement, or show that the machine lacks it. */
export function snapshotTells(requirement: Requirement): boolean {
  switch (requirement.kind) {
    case 'system':
    case 'gpu':
      return facts.has(requirement.fact);
    case 'tool':
      return (
        requirement.command === undefined &&
        toolNamed(requirement.name)?.names.includes(requirement.name) === true
      );
    case 'package':
      return !(Object.keys(requirement.packages) as PackageManager[]).some(isLanguageManager);
    case 'env': {
      const { set, secret: _, ...rest } = requirement.spec;
      return set === true && Object.keys(rest).length === 0 && isOfMachine(requirement.name);
    }
    case 'engine':
      return Object.keys(requirement.spec).every((key) => engineKeys.includes(key));
    default:
      return requirement.kind === 'toolcache' || requirement.kind === 'rust';
  }
}
