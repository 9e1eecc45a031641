import type { Job } from '@runner-actions/core';

/** Puts the values of `$NAME` and `${NAME}` into a path. @throws Error when one is not set, lest `/` is checked instead */
export function expandPath(path: string, environment: Job['environment']): string {
  return path.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = environment[name];
    if (value === undefined || value === '')
      throw new Error(`the path ${path} needs ${name}, which is not set`);
    return value;
  });
}
