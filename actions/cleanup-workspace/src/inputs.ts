import type { Config } from '@runner-actions/config';
import { type Inputs, quote, UserError } from '@runner-actions/core';

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
  const keep = readKeep(inputs);
  return Object.freeze({
    when: inputs.choice('when', ['post', 'now']) ?? 'post',
    dryRun: inputs.boolean('dry-run') ?? false,
    keep: keep.length > 0 ? keep : (team.keep ?? []),
    workspace: inputs.boolean('workspace') ?? true,
    budget: inputs.duration('budget') ?? team.budget ?? 60_000,
    strict: inputs.boolean('strict') ?? false,
  });
}

/** The globs of the input `keep`, or none. @throws UserError for those that could not keep what they are meant to */
export function readKeep(inputs: Inputs): string[] {
  // A set of characters looks like a JSON list, which has quotes.
  const isJson = /^\[\s*(["']|\]$)/.test(inputs.text('keep') ?? '');
  const globs = isJson ? inputs.list('keep') : inputs.lines('keep').flatMap(splitGlobs);
  for (const glob of globs) {
    const fault = faultOf(glob);
    if (fault !== undefined) throw new UserError(`Input 'keep' has ${quote(glob)}: ${fault}.`);
  }
  if (globs.length > 0 && globs.every((glob) => glob.startsWith('!')))
    throw new UserError(
      `Input 'keep' has only ${quote(globs.join(', '))}, which keeps nothing: '!' takes out of what the globs before it keep. Put one before it, such as '**'.`,
    );
  return globs;
}

/** Commas separate globs, but for those within braces. */
function splitGlobs(line: string): string[] {
  let open = 0;
  const parts = [''];
  for (const sign of line) {
    if (sign === '{') open += 1;
    if (sign === '}') open = Math.max(0, open - 1);
    if (sign === ',' && open === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function faultOf(glob: string): string | undefined {
  if (/^!?\//.test(glob) || glob.split('/').includes('..'))
    return "expected globs relative to the workspace, without '..'";
  const isOpen = glob.lastIndexOf('[') > glob.lastIndexOf(']');
  if (isOpen || glob.split('{').length > glob.split('}').length)
    return "expected its bracket or brace to be closed. A comma separates globs, and '?' stands for any sign: write one glob a line";
  return undefined;
}
