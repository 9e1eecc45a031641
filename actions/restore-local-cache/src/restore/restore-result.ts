import type { Lease, Mode } from '@runner-actions/store';
import type { LevelName } from '../levels/level.ts';

/** The result of a restore: what was found, where, and how it was restored. Part of the report. */
export interface RestoreResult {
  source: LevelName | 'none';
  matchedKey: string | undefined;
  bytes: number;
  files: number;
  mode: Mode | undefined;
  /** For messages: why this mode was used, or why nothing was found. */
  why: string;
  /** A code for the report, if nothing was found for a reason other than that no level has an entry. */
  reason?: 'target-in-use' | 'read-denied';
  /** How long GitHub’s cache took for the same entry, in milliseconds, if that is known. */
  githubMilliseconds?: number;
}

export function cacheMiss(why: string): RestoreResult {
  return { source: 'none', matchedKey: undefined, bytes: 0, files: 0, mode: undefined, why };
}

/** What this job holds on the machine until it ends. */
export interface HeldResources {
  lease?: Lease;
  trash: string[];
  locks: string[];
  /** The holder of the locks. */
  job: string;
}
