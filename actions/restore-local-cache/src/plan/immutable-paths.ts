import { pathToText } from '@runner-actions/store';
import { matches } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/**
 * Returns a function that reports whether a path matches the `immutable` globs. A glob that matches a folder covers
 * everything in it.
 */
export function immutablePredicate(globs: readonly string[], roots: Roots): (path: string) => boolean {
  return (path) => {
    const text = pathToText(path);
    return globs.some((glob) => matches(text, glob, roots) || matches(text, `${glob}/**`, roots));
  };
}
