import { matchesGlob } from 'node:path';
import { toText } from '@runner-actions/store';
import { absolutePath, type Roots } from './roots.ts';

/** Whether jobs only read a path, by the globs of the input; one for a folder covers all that is in it. */
export function immutableBy(globs: readonly string[], roots: Roots): (path: string) => boolean {
  const patterns = globs.map((glob) => absolutePath(glob, roots));
  return (path) => {
    const text = toText(path);
    return patterns.some((pattern) => matchesGlob(text, pattern) || matchesGlob(text, `${pattern}/**`));
  };
}
