import type { Config } from '@runner-actions/config';
import { type Inputs, parseList, UserError } from '@runner-actions/core';

/** What the user asked for. Saved for post as it is: there are no secrets in it. */
export interface CleanInputs {
  when: 'post' | 'now';
  dryRun: boolean;
  keep: readonly string[];
  workspace: boolean;
  /** Milliseconds. */
  budget: number;
  strict: boolean;
}

/** @param team what the configuration says */
export function readInputs(inputs: Inputs, team: Config['cleanup'] = {}): Readonly<CleanInputs> {
  const keep = readKeep(inputs.lines('keep'));
  return Object.freeze({
    when: inputs.choice('when', ['post', 'now']) ?? 'post',
    dryRun: inputs.boolean('dry-run') ?? false,
    keep: keep.length > 0 ? keep : (team.keep ?? []),
    workspace: inputs.boolean('workspace') ?? true,
    budget: inputs.duration('budget') ?? team.budget ?? 60_000,
    strict: inputs.boolean('strict') ?? false,
  });
}

function readKeep(lines: readonly string[]): string[] {
  const globs = lines.length > 1 ? [...lines] : parseList(lines[0] ?? '');
  const wrong = globs.find((glob) => /^!?\//.test(glob) || glob.split('/').includes('..'));
  if (wrong === undefined) return globs;
  throw new UserError(`Input 'keep' has '${wrong}': expected globs relative to the workspace, without '..'.`);
}
