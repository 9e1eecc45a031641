import { askHelper, type Deadline } from '@runner-actions/core';
import type { Listed, ObjectStore } from './object-store.ts';

/** A request to the helper process. */
export type HelperRequest =
  | { act: 'list'; folder: string; prefix: string }
  | { act: 'has'; folder: string; name: string }
  | { act: 'get'; folder: string; name: string; file: string; most: number; cut: boolean }
  | { act: 'put'; folder: string; name: string; file: string; replace: boolean };

/**
 * Opens a folder on a network file system. Each call runs in a separate process: if the server is gone, a call into
 * the file system never returns and cannot be killed. The action must be able to abandon it.
 */
export function openDirectory(folder: string, deadline: Deadline): ObjectStore {
  const ask = (request: HelperRequest) => askHelper('directory-helper', request, deadline);
  return {
    title: `the folder ${folder}`,
    list: async (prefix) => (await ask({ act: 'list', folder, prefix })) as Listed[],
    has: async (name) => (await ask({ act: 'has', folder, name })) as boolean,
    get: async (name, file, most, cut = false) => {
      await ask({ act: 'get', folder, name, file, most, cut });
    },
    put: async (file, name, replace = false) =>
      (await ask({ act: 'put', folder, name, file, replace })) as 'saved' | 'exists',
  };
}
