import { describeProblem, localFile } from '@runner-actions/config';
import { CommandFailure, exitCodes } from '@runner-actions/core';
import { loadManifest, type Manifest } from '@runner-actions/manifest';

/** Where a manifest is if none is named. */
export const defaultManifest = '.github/runner-requirements.yml';

/**
 * Reads a manifest with all files that it extends. `mistakes`: as `file:line:column: text`.
 * @throws CommandFailure if a file is missing or cannot be read
 */
export async function readManifest(
  given: string,
): Promise<{ manifest: Manifest } | { mistakes: readonly string[] }> {
  const { files, place } = localFile(given);
  const loaded = await loadManifest(files, place);
  if (loaded.kind === 'read') return { manifest: loaded.manifest };
  if (loaded.kind === 'wrong') {
    const mistakes = loaded.problems.map(
      (problem) => `${problem.file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`,
    );
    return { mistakes };
  }
  const hint = loaded.kind === 'missing' ? `. ${hintFor(given)}` : '.';
  throw new CommandFailure(exitCodes.attention, `${given} could not be read: ${loaded.why}${hint}`);
}

/** Says how to get a manifest. */
function hintFor(given: string): string {
  const make = `'runner-actions manifest snapshot --packages chosen --out ${given}' writes one that describes this machine.`;
  return given === defaultManifest
    ? `It is the default: name another manifest, or make this one. ${make}`
    : make;
}
