import type { RestoreResult } from '../restore/restore-result.ts';
import type { LevelName } from '../levels/level.ts';
import type { CachePlan } from '../plan/cache-plan.ts';

export type SaveOutcome = 'saved' | 'exists' | 'failed' | 'off';

/** The result of a save for each level. Part of the report. */
export interface SaveResult extends Record<LevelName, SaveOutcome> {
  /** Why nothing was saved, or why something was. */
  why: string;
}

export function nothingSaved(why: string): SaveResult {
  return { local: 'off', shared: 'off', github: 'off', why };
}

const unknownStatus =
  "this runner does not tell the action how the job ended; set 'save: always', or use restore-local-cache/save as the last step";

/** Returns why nothing should be saved. `undefined`: save. */
export function reasonNotToSave(
  { inputs, write }: CachePlan,
  found: RestoreResult,
  jobStatus: string,
): string | undefined {
  if (found.reason === 'target-in-use') return 'another job uses the target';
  if (found.matchedKey === inputs.key) return 'the key was found';
  if (write === undefined) return 'this run may only read caches';
  if (inputs.save === 'never') return "'save' is 'never'";
  if (inputs.save === 'always' || jobStatus === 'success') return undefined;
  return jobStatus === '' ? unknownStatus : `the job ended with '${jobStatus}'`;
}

/** Returns whether an entry that came from GitHub should be copied to the shared level. */
export function shouldPromote({ inputs, root, write }: CachePlan, found: RestoreResult): boolean {
  const isNew = found.source === 'github' && found.matchedKey === inputs.key && inputs.shared !== undefined;
  return isNew && !inputs.lookupOnly && root !== undefined && write !== undefined;
}
