import { type Inputs, quote, UserError } from '@runner-actions/core';

const moments = ['post', 'now'] as const;

/** What the user asked for; `undefined` leaves it to the configuration, else to the default. */
export interface CleanInputs {
  when: (typeof moments)[number];
  dryRun: boolean;
  keep: readonly string[] | undefined;
  workspace: boolean;
  /** Milliseconds. */
  budget: number | undefined;
  strict: boolean;
}

export function readInputs(inputs: Inputs): Readonly<CleanInputs> {
  return Object.freeze({
    when: inputs.choice('when', moments) ?? 'post',
    dryRun: inputs.boolean('dry-run') ?? false,
    keep: readKeep(inputs),
    workspace: inputs.boolean('workspace') ?? true,
    budget: inputs.duration('budget'),
    strict: inputs.boolean('strict') ?? false,
  });
}

/** @throws UserError for globs that could not keep what they are meant to */
function readKeep(inputs: Inputs): string[] | undefined {
  // A set of characters looks like a JSON list, which has quotes.
  const isJson = /^\[\s*(["']|\]$)/.test(inputs.text('keep') ?? '');
  const globs = isJson ? inputs.list('keep') : inputs.lines('keep').flatMap(splitGlobs);
  for (const glob of globs) {
    const fault = faultOf(glob);
    if (fault !== undefined) throw new UserError(`Input 'keep' has ${quote(glob)}: ${fault}.`);
  }
  if (globs.length === 0) return undefined;
  if (globs.every((glob) => glob.startsWith('!')))
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
