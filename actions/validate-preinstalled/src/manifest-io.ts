import { basename, dirname, relative, resolve } from 'node:path';
import { type Document, readDocument, readTextWithin } from '@runner-actions/config';
import { UserError } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { defaultManifest } from './inputs.ts';

const example = 'version: 1\ntools:\n  node: ">=20"';

/**
 * Reads the manifest from a file, or from the input itself. Symlinks must not lead out of the workspace. For a file
 * outside of the workspace, they must not lead out of its folder.
 * @throws UserError if the file cannot be read
 */
export async function readManifest(manifest: string, workspace: string): Promise<Document> {
  if (manifest.includes('\n')) return readDocument(manifest, 'manifest');
  const path = resolve(workspace, manifest);
  const shown = nameOf(manifest);
  try {
    const read = isInside(path, workspace)
      ? await readTextWithin(workspace, relative(workspace, path))
      : await readTextWithin(dirname(path), basename(path));
    if (read.kind === 'wrong') throw new UserError(`${shown}: expected ${read.expected}.`);
    return readDocument(read.text, manifest);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const how =
      manifest === defaultManifest
        ? `Create it, for example with:\n${example}`
        : "Check the input 'manifest', and check out the repository before this step.";
    throw new UserError(
      `${shown} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). ${how}`,
    );
  }
}

/**
 * Returns how to name the manifest in errors. A value that is no YAML path may be a secret in the wrong input: hide it.
 */
function nameOf(manifest: string): string {
  return /\.(?:ya?ml|json)$/i.test(manifest)
    ? `The manifest ${manifest}`
    : "The file that input 'manifest' names";
}
