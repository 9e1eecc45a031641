import { toText } from '@runner-actions/store';
import { matches } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/** Whether jobs only read a path, by the globs of the input; one for a folder covers all that is in it. */
export function immutablePredicate(globs: readonly string[], roots: Roots): (path: string) => boolean {
  return (path) => {
    const text = toText(path);
    return globs.some((glob) => matches(text, glob, roots) || matches(text, `${glob}/**`, roots));
  };
}
