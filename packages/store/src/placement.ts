import { accessSync, constants, lstatSync } from 'node:fs';
import { parentOf, toBytes } from './byte-paths.ts';
import { mountsAt } from './mount-points.ts';

/**
 * What becomes of what is in a target. `replace`: it goes away. `merge`: it stays, and files of the same name are replaced.
 * `renew`: as `merge`, but what is there as the entry has it is not touched, and what stands in the way stays, a link above all: what
 * the entry has there is left out. `update`: as `renew`, and a file that is newer there stays as well.
 */
export type OnExisting = 'replace' | 'merge' | 'renew' | 'update';

/** How a tree gets to its target. */
export interface Placement {
  /** `swap`: by one rename; `exchange`: what is in the folder is replaced one by one, and the folder stays. */
  kind: 'swap' | 'exchange' | 'merge' | 'update';
  /** A folder on the target's file system, to make things in. */
  stagingParent: string;
  /** For people: why not by one rename; else empty. */
  why: string;
  /** For `update`: files that are newer in the target are replaced. */
  overNewer?: boolean;
}

/** A target that something is mounted at or in, or whose parent may not be written, cannot be renamed. */
export function choosePlacement(target: string, onExisting: OnExisting): Placement {
  const stats = lstatSync(toBytes(target), { throwIfNoEntry: false });
  const swap: Placement = { kind: 'swap', stagingParent: parentOf(target), why: '' };
  if (stats === undefined) return swap;
  const inside = stats.isDirectory() ? target : parentOf(target);
  if (onExisting !== 'replace')
    return {
      kind: onExisting === 'renew' ? 'update' : onExisting,
      overNewer: onExisting === 'renew',
      stagingParent: inside,
      why: 'what is in the target stays, so files are added to it one by one',
    };
  const why = stats.isDirectory() ? whyFixed(target) : '';
  return why === '' ? swap : { kind: 'exchange', stagingParent: target, why };
}

function whyFixed(target: string): string {
  const { isMount, below } = mountsAt(target);
  if (isMount) return 'the target is where something is mounted';
  if (below.length > 0) return 'something is mounted in the target, which stays';
  try {
    accessSync(toBytes(parentOf(target) || '/'), constants.W_OK);
    return '';
  } catch {
    return 'the folder that holds the target may not be written';
  }
}
