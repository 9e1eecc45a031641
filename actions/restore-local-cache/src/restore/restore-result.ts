import type { Lease, Mode } from '@runner-actions/store';
import type { LevelName } from '../levels/level.ts';

/** What was found, where, and how it came into its place. */
export interface RestoreResult {
  source: LevelName | 'none';
  matchedKey: string | undefined;
  bytes: number;
  files: number;
  mode: Mode | undefined;
  /** For people: why this mode, or why nothing was found. */
  why: string;
  /** For machines, where nothing was found for another reason than that there is nothing. */
  reason?: 'target-in-use' | 'read-denied';
  /** How long GitHub took for the same, in milliseconds, where that is known. */
  githubMilliseconds?: number;
}

export function cacheMiss(why: string): RestoreResult {
  return { source: 'none', matchedKey: undefined, bytes: 0, files: 0, mode: undefined, why };
}

/** What this job has of the machine until it ends. */
export interface HeldResources {
  lease?: Lease;
  trash: string[];
  locks: string[];
  /** Who it is for the locks. */
  job: string;
}
