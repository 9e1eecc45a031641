import type { Job } from '@runner-actions/core';

/**
 * Expands `$NAME` and `${NAME}` in a path.
 * @throws Error if a variable is not set, so that `/` is not checked by mistake
 */
export function expandPath(path: string, environment: Job['environment']): string {
  return path.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = environment[name];
    if (value === undefined || value === '')
      throw new Error(`the path ${path} uses the variable ${name}, which is not set`);
    return value;
  });
}
