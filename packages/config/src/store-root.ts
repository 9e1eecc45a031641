import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** What sets the root of the cache store. `undefined`: nothing does, and a folder of the runner is used. */
export type RootFrom = 'input' | 'configuration' | 'machine' | undefined;

/** The roots of the cache store that are set somewhere, in the order in which they count. */
export interface GivenRoots {
  input?: string | undefined;
  /** `RUNNER_ACTIONS_CACHE`. */
  variable: string | undefined;
  policy: string | undefined;
  configuration: string | undefined;
}

/** Chooses the root of the cache store of this machine. Without one, `defaultStoreRoot` counts. */
export function chooseStoreRoot({ input, variable, policy, configuration }: GivenRoots): {
  root: string | undefined;
  rootFrom: RootFrom;
} {
  if (input !== undefined) return { root: input, rootFrom: 'input' };
  const machine = variable || policy;
  if (machine !== undefined) return { root: machine, rootFrom: 'machine' };
  return { root: configuration, rootFrom: configuration === undefined ? undefined : 'configuration' };
}

/**
 * Returns the default root of the cache store, in `_work`: job containers see it too, and it is on the same file system
 * as every workspace. Jobs in containers often run as another user, who then gets a separate store.
 */
export function defaultStoreRoot(work: string): string {
  const root = join(work, '_runner-actions-cache');
  const user = process.getuid?.();
  const owner = lstatSync(root, { throwIfNoEntry: false })?.uid;
  return owner === undefined || user === undefined || owner === user ? root : `${root}-${user}`;
}
