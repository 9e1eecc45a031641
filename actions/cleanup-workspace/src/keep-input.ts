import { type Inputs, quote, UserError } from '@runner-actions/core';

/**
 * Reads the globs of the input `keep`; `none` gives an empty list.
 * @throws UserError for globs that cannot match what the user means
 */
export function readKeep(inputs: Inputs): string[] | undefined {
  // A glob such as `[ab]` also starts with a bracket. A JSON list has quotes after it.
  const isJson = /^\[\s*(["']|\]$)/.test(inputs.text('keep') ?? '');
  const globs = isJson ? inputs.list('keep') : inputs.lines('keep').flatMap(splitAtCommas);
  if (globs.length === 1 && globs[0] === 'none') return [];
  for (const glob of globs) {
    const fault = faultOf(glob);
    if (fault !== undefined) throw new UserError(`Input 'keep' has ${quote(glob)}: ${fault}.`);
  }
  if (globs.length === 0) return undefined;
  if (globs.every((glob) => glob.startsWith('!')))
    throw new UserError(
      `Input 'keep' has only ${quote(globs.join(', '))}, which keeps nothing: '!' only excludes entries that earlier globs keep. Put another glob before it, such as '**'.`,
    );
  return globs;
}

const splitAtCommas = (line: string): string[] =>
  line
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function faultOf(glob: string): string | undefined {
  if (/^!?\//.test(glob) || glob.split('/').includes('..'))
    return "expected globs relative to the workspace, without '..'";
  if (glob === 'none' || glob === '!none')
    return "'none' stands alone. For an entry with this name, write './none'";
  if (glob.replaceAll('[{]', '').includes('{'))
    return "braces do not mean alternatives: write one glob per line. For a brace in a name, write '[{]'";
  if (glob.lastIndexOf('[') > glob.lastIndexOf(']'))
    return "expected its bracket to be closed. A comma separates globs, and '?' matches any character: write one glob per line";
  return undefined;
}
