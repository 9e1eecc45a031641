import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Files, filesToCheck, type Problem, problemsToError } from '@runner-actions/config';
import { type Step, trustOf, type UserError } from '@runner-actions/core';

/** Opens the files of the checkout. If a stranger may have written them, only files themselves, and no links. */
export function filesOfCheckout(step: Step): Files {
  const files = filesToCheck(step);
  return trustOf(step.job, []).trusted ? files : withoutLinks(files, step.job.workspace);
}

/** A link could lead to what a step left in the checkout, such as credentials, whose lines messages would then quote. */
export function withoutLinks(files: Files, folder: string): Files {
  const expected = 'a file itself, since a stranger may have made this link';
  return {
    read: async (place) =>
      place.repository === undefined && (await isLinked(folder, place.path))
        ? { kind: 'wrong', expected }
        : files.read(place),
  };
}

async function isLinked(folder: string, path: string): Promise<boolean> {
  try {
    const top = await realpath(folder);
    return (await realpath(join(top, path))) !== join(top, path);
  } catch {
    return false; // Whoever reads the file says why that fails.
  }
}

/**
 * Annotates mistakes as `problemsToError` does. If a stranger may have written the files, nothing is quoted but the first
 * file and version files: a manifest can extend any file of the checkout, and of each repository that the token reads.
 * @param first the path of the file that extends the others
 */
export async function mistakesToError(
  step: Step,
  problems: readonly Problem[],
  first: string,
): Promise<UserError> {
  if (trustOf(step.job, []).trusted) return problemsToError(step, problems);
  const { versionFiles } = await import('@runner-actions/manifest/from');
  const known = new Set(versionFiles.flatMap(({ names }) => names).map((name) => basename(name)));
  const isShown = (file: string): boolean =>
    file === first || (!file.includes(':') && known.has(basename(file)));
  const expected =
    'a file without mistakes. A run of the repository itself shows them: a stranger may have chosen this file';
  return problemsToError(
    step,
    problems.map((one) => {
      const { file, line, column } = one;
      return isShown(file) ? one : { file, line, column, path: [], found: undefined, expected };
    }),
  );
}
