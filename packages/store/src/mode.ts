import type { Capabilities } from './probe.ts';

/** How files reach their place. */
export const modes = ['lease', 'reflink', 'hardlink', 'symlink', 'copy'] as const;
export type Mode = (typeof modes)[number];

export interface Choice {
  mode: Mode;
  /** Whether the files may be shared in blocks while they are copied. */
  reflink: boolean;
  /** For people: why this one. */
  why: string;
}

const crosses = 'the store and the target are on different file systems';

/**
 * The way for a pair of store and targets. `auto` never hands out files of the store that a job could change: links are only
 * made where someone asks for them.
 * @param pair what works for all of the targets
 * @param apart why a target cannot be put in place by one rename; else empty
 */
export function chooseMode(
  wanted: Mode | 'auto',
  common: Capabilities,
  { leases, whyNoSwap }: { leases: boolean; whyNoSwap: string },
): Choice {
  const { rename, reflink } = common;
  const fallback = (why: string): Choice => ({ mode: reflink ? 'reflink' : 'copy', reflink, why });
  if (whyNoSwap !== '') return fallback(whyNoSwap);
  if (wanted === 'copy') return { mode: 'copy', reflink: false, why: 'as asked' };
  if (wanted === 'reflink')
    return reflink
      ? { mode: 'reflink', reflink, why: 'as asked' }
      : fallback('files cannot share blocks here');
  if (wanted === 'hardlink' || wanted === 'symlink') {
    if (wanted === 'hardlink' && !rename) return fallback(`no links: ${crosses}`);
    return { mode: wanted, reflink, why: 'as asked, for what is immutable' };
  }
  if (!leases) return fallback('no ready copies are kept');
  if (rename) return { mode: 'lease', reflink, why: 'a rename reaches from the store to the target' };
  return fallback(`no lease: ${crosses}`);
}
