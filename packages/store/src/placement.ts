import { accessSync, constants, lstatSync } from 'node:fs';
import { parentOf, pathToBytes } from './byte-paths.ts';
import { mountsAt } from './mount-points.ts';

/**
 * What happens to the existing contents of a target.
 * - `replace`: they are removed.
 * - `merge`: they stay; files of the same name are replaced.
 * - `renew`: like `merge`, but items that match the entry are not touched. Obstacles such as a symlink stay, and the
 *   entry's items there are left out.
 * - `update`: like `renew`, but files that are newer in the target also stay.
 */
export type OnExisting = 'replace' | 'merge' | 'renew' | 'update';

/** How a tree is put at its target. */
export interface Placement {
  /** `swap`: by one rename. `exchange`: the contents are replaced one by one, and the folder stays. */
  kind: 'swap' | 'exchange' | 'merge' | 'update';
  /** A folder on the target's file system in which to create staging folders. */
  stagingParent: string;
  /** Why one rename is not possible, for messages; otherwise empty. */
  why: string;
  /** For `update`: replaces files that are newer in the target. */
  overNewer?: boolean;
}

/**
 * Chooses how to put a tree at its target. One rename is not possible if something is mounted at or in the target, or
 * its parent may not be written.
 */
export function choosePlacement(target: string, onExisting: OnExisting): Placement {
  const stats = lstatSync(pathToBytes(target), { throwIfNoEntry: false });
  const swap: Placement = { kind: 'swap', stagingParent: parentOf(target), why: '' };
  if (stats === undefined) return swap;
  const inside = stats.isDirectory() ? target : parentOf(target);
  if (onExisting !== 'replace')
    return {
      kind: onExisting === 'renew' ? 'update' : onExisting,
      overNewer: onExisting === 'renew',
      stagingParent: inside,
      why: 'the existing files in the target stay, so files are added one by one',
    };
  const why = stats.isDirectory() ? whyFixed(target) : '';
  return why === '' ? swap : { kind: 'exchange', stagingParent: target, why };
}

function whyFixed(target: string): string {
  const { isMount, below } = mountsAt(target);
  if (isMount) return 'the target is a mount point';
  if (below.length > 0) return 'something is mounted in the target';
  try {
    accessSync(pathToBytes(parentOf(target) || '/'), constants.W_OK);
    return '';
  } catch {
    return 'the parent folder of the target may not be written';
  }
}
