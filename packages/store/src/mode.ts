import type { Capabilities } from './probe.ts';

/** How files are put in place. */
export const modes = ['lease', 'reflink', 'hardlink', 'symlink', 'copy'] as const;
export type Mode = (typeof modes)[number];

export interface Choice {
  mode: Mode;
  /** Whether a copy may share blocks with the entry. */
  reflink: boolean;
  /** Why this mode was chosen, for messages. */
  why: string;
}

const crosses = 'the store and the target are on different file systems';

/**
 * Chooses the mode for a store and its targets. `auto` never gives a job files of the store that it could change: links
 * are only used on request.
 * @param common what works for all targets
 * @param whyNoSwap why a target cannot be replaced by one rename; otherwise empty
 */
export function chooseMode(
  wanted: Mode | 'auto',
  common: Capabilities,
  { leases, whyNoSwap }: { leases: boolean; whyNoSwap: string },
): Choice {
  const { rename, reflink } = common;
  const fallback = (why: string): Choice => ({ mode: reflink ? 'reflink' : 'copy', reflink, why });
  if (whyNoSwap !== '') return fallback(whyNoSwap);
  if (wanted === 'copy') return { mode: 'copy', reflink: false, why: 'as requested' };
  if (wanted === 'reflink')
    return reflink
      ? { mode: 'reflink', reflink, why: 'as requested' }
      : fallback('files cannot share blocks here');
  if (wanted === 'hardlink' || wanted === 'symlink') {
    if (wanted === 'hardlink' && !rename) return fallback(`no links: ${crosses}`);
    return { mode: wanted, reflink, why: 'as requested, for immutable paths' };
  }
  if (!leases) return fallback('no ready copies are kept');
  if (rename) return { mode: 'lease', reflink, why: 'a rename works from the store to the target' };
  return fallback(`no lease: ${crosses}`);
}
