import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, normalize, readDocument, readText, type StepConfig } from '@runner-actions/config';
import { UserError } from '@runner-actions/core';
import { defaultManifest } from './inputs.ts';

const example = 'version: 1\ntools:\n  node: ">=20"';

/** Reads the manifest: from a file of the workspace, or from the input itself. @throws UserError when there is no such file */
export async function readManifest(manifest: string, workspace: string): Promise<Document> {
  if (manifest.includes('\n')) return readDocument(manifest, 'manifest');
  const path = resolve(workspace, manifest);
  try {
    const read = await readText(await realpath(path));
    if (read.kind === 'wrong') throw new UserError(`The manifest ${manifest}: expected ${read.expected}.`);
    return readDocument(read.text, manifest);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const how =
      manifest === defaultManifest
        ? `Create it, for example with:\n${example}`
        : "Check input 'manifest', and that the repository is checked out before.";
    throw new UserError(
      `The manifest ${manifest} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). ${how}`,
    );
  }
}

/** The manifest that the configuration names, as a path in the workspace: it stands relative to the file that names it. */
export function manifestOf({ config, originOf }: StepConfig): string | undefined {
  const origin = originOf(['requirements']);
  if (config.requirements === undefined || origin === undefined) return undefined;
  const path = normalize(config.requirements, origin.file.split('/').slice(0, -1).join('/'));
  if (path !== undefined && !origin.file.includes(':')) return path;
  throw new UserError(
    `'requirements' is ${config.requirements}, in ${origin.file}: expected a file of this repository. Name it in this repository's own configuration.`,
    origin,
  );
}
