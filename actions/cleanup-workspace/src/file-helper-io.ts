import { askHelper, NoAnswer, startDeadline } from '@runner-actions/core';
import type { HelperRequest, HelperWork } from './file-helper-request.ts';
import type { Place, WorkFolder } from './workspace.ts';

/** The name of the helper process in the bundle. */
const helper = 'file-helper';
/** Milliseconds after the deadline in which the helper must stop by itself. */
export const grace = 2_000;

/**
 * Lets a helper process do something, since it may hang in a file system.
 * @param milliseconds time for the work
 * @returns the reply, see `HelperWork`; `undefined` if the helper did not answer in time
 * @throws Error if the helper fails
 */
export async function askFor(
  { work, repository, workspace }: WorkFolder & Partial<Place>,
  what: HelperWork,
  milliseconds: number,
): Promise<unknown> {
  const folders = [work, repository, workspace].filter((folder) => folder !== undefined);
  const paths = folders.map(({ path }) => path);
  const files = folders.flatMap(({ handle }) => (handle === undefined ? [] : [handle.fd]));
  // Not a part of the deadline of the clean-up: the helper may reply just after that.
  const limit = startDeadline(milliseconds + grace);
  const request: HelperRequest = { ...what, milliseconds, paths, parent: process.pid };
  try {
    return await askHelper(helper, request, limit, files);
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}
