import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { commonKeys, type BaseRequirement, entry } from '../requirement.ts';

export const ociSteps = ['create', 'start', 'kill', 'delete'] as const;
export type OciStep = (typeof ociSteps)[number];
export type OciRuntime = 'runc' | 'crun';

export interface OciRequirement extends BaseRequirement {
  kind: 'oci';
  /** In order of preference. */
  runtimes: readonly OciRuntime[];
  /** How the container runs. `auto`: as the job's user, root or not. */
  rootless: 'auto' | boolean;
  /** The last step that must succeed. What remains is removed in any case. */
  last: OciStep;
  /**
   * Which runtimes must be present and work. `undefined`: one of those that are present; without any, the requirement
   * does not apply.
   */
  required: 'any' | 'all' | undefined;
}

const runtimes = v.picklist(['runc', 'crun'], 'runc or crun');
const isPrefix = (steps: OciStep[]): boolean =>
  steps.length > 0 && steps.every((step, index) => step === ociSteps[index]);

const spec = v.strictObject(
  {
    runtime: v.optional(
      described(
        oneOrMore(runtimes, 'runc, crun, or a list of them'),
        'Runtimes, one of which must work. Default: both',
      ),
    ),
    rootless: v.optional(
      described(
        v.union([v.literal('auto'), v.boolean()], 'auto, true or false'),
        "Whether the container runs without root. `auto` (the default): as the job's user",
      ),
    ),
    lifecycle: v.optional(
      described(
        v.pipe(
          v.array(v.picklist(ociSteps, `one of ${ociSteps.join(', ')}`), 'a list such as [create, start]'),
          v.check(isPrefix, `the first of these steps, in order: ${ociSteps.join(', ')}`),
        ),
        'Steps that must succeed. Default: all. What remains is removed in any case',
      ),
    ),
    required: v.optional(
      described(
        v.picklist(['any', 'all'], "'any' or 'all'"),
        'Which runtimes must be there and work. Without this key, the check is skipped on a machine that has none',
      ),
    ),
    ...commonKeys,
  },
  'a map such as { runtime: runc }, or {} for one that is there',
);

/** A container that an OCI runtime really runs. */
export const oci = v.pipe(
  spec,
  v.transform((given) => {
    const requirement: OciRequirement = {
      kind: 'oci',
      name: 'lifecycle',
      runtimes: [...new Set([given.runtime ?? ['crun' as const, 'runc' as const]].flat())],
      rootless: given.rootless ?? 'auto',
      last: given.lifecycle?.at(-1) ?? 'delete',
      required: given.required,
    };
    return [entry(requirement, ['oci'], given)];
  }),
);
