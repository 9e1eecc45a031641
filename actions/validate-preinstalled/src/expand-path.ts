import { ownValue } from '@runner-actions/core';
import type { Machine } from './kinds/kind.ts';
import { expectOpen } from './strangers/open-variables.ts';

/**
 * Expands `$NAME` and `${NAME}` in a path.
 * @throws Error if a variable is not set, so that `/` is not checked by mistake; Withheld if a stranger's manifest may not
 * use it
 */
export function expandPath(
  path: string,
  machine: Pick<Machine, 'strangersManifest'> & { job: Pick<Machine['job'], 'environment'> },
): string {
  const { environment } = machine.job;
  return path.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    expectOpen(name, machine);
    const value = ownValue(environment, name);
    if (value === undefined || value === '')
      throw new Error(`the path ${path} uses the variable ${name}, which is not set`);
    return value;
  });
}
