import { type ReclaimName, reclaimNames } from '@runner-actions/config';
import { type Inputs, quote, UserError } from '@runner-actions/core';
import type { Reclaim } from './items/thresholds.ts';
import { readKeep } from './keep-input.ts';

/** The inputs of the user. `undefined` means that the configuration, or else the default, applies. */
export interface CleanInputs {
  when: 'post' | 'now';
  dryRun: boolean;
  keep: readonly string[] | undefined;
  workspace: boolean;
  temp: boolean;
  processes: boolean;
  containers: 'owned' | 'off';
  reclaim: Reclaim;
  /** Used shares of a disk, from 0 to 1. */
  diskHigh: number | undefined;
  diskLow: number | undefined;
  /** Milliseconds. */
  maxAge: number;
  /** Milliseconds. */
  budget: number | undefined;
  strict: boolean;
}

export function readInputs(inputs: Inputs): Readonly<CleanInputs> {
  const when = inputs.choice('when', ['post', 'now'] as const) ?? 'post';
  return Object.freeze({
    when,
    dryRun: inputs.boolean('dry-run') ?? false,
    keep: readKeep(inputs),
    workspace: inputs.boolean('workspace') ?? true,
    temp: inputs.boolean('temp') ?? true,
    // In the middle of a job, later steps may need what earlier steps started.
    processes: inputs.boolean('processes') ?? when === 'post',
    containers: inputs.choice('containers', ['owned', 'off'] as const) ?? (when === 'post' ? 'owned' : 'off'),
    reclaim: readReclaim(inputs),
    diskHigh: inputs.share('disk-high'),
    diskLow: inputs.share('disk-low'),
    maxAge: inputs.duration('max-age') ?? 14 * 86_400_000,
    budget: inputs.duration('budget'),
    strict: inputs.boolean('strict') ?? false,
  });
}

function readReclaim(inputs: Inputs): Reclaim {
  const [first, ...more] = inputs.list('reclaim');
  if (first === undefined) return 'auto';
  if (more.length === 0 && (first === 'auto' || first === 'off')) return first;
  return [first, ...more].map((name) => {
    if ((reclaimNames as readonly string[]).includes(name)) return name as ReclaimName;
    throw new UserError(
      `Input 'reclaim' has ${quote(name)}: expected 'auto' or 'off' alone, or a list of ${reclaimNames.join(', ')}.`,
    );
  });
}
