import { basename, dirname, relative, resolve, sep } from 'node:path';
import { type Files, filesToCheck } from '@runner-actions/config';
import { type Step, UserError } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { loadManifest, type Manifest, withInline } from '@runner-actions/manifest';
import { filesOfCheckout, mistakesToError } from './strangers/guard-files-io.ts';

/** How messages call a manifest that the input contains. */
const inline = 'manifest';

/**
 * Reads the manifest from a file, or from the input itself, with all files that it extends. Symlinks must not lead out
 * of the workspace. For a file outside of the workspace, they must not lead out of its folder.
 * @param manifest a path, or YAML of several lines
 * @throws UserError if a file cannot be read or has mistakes
 */
export async function readManifest(step: Step, manifest: string): Promise<Manifest> {
  const { files, path } = sourceOf(step, manifest);
  const loaded = await loadManifest(files, { repository: undefined, ref: undefined, path });
  if (loaded.kind === 'read') return loaded.manifest;
  if (loaded.kind === 'wrong') throw await mistakesToError(step, loaded.problems, path);
  const how = "Check the input 'manifest', and check out the repository before this step.";
  // `why` begins with the path of the file.
  const shown = isYamlPath(manifest) ? `The manifest ${loaded.why}` : hidden(loaded.why, path);
  throw new UserError(`${shown}. ${how}`);
}

function sourceOf(step: Step, manifest: string): { files: Files; path: string } {
  const { workspace } = step.job;
  if (manifest.includes('\n'))
    return { files: withInline(filesOfCheckout(step), inline, manifest), path: inline };
  const path = resolve(workspace, manifest);
  if (isInside(path, workspace))
    return { files: filesOfCheckout(step), path: relative(workspace, path).split(sep).join('/') };
  return { files: filesToCheck(step, dirname(path)), path: basename(path) };
}

const isYamlPath = (manifest: string): boolean => /^[^\n]*\.(?:ya?ml|json)$/i.test(manifest);

/** A value that is no YAML path may be a secret in the wrong input, so it is not shown. */
function hidden(why: string, path: string): string {
  return `The file that input 'manifest' names: ${why.replaceAll(path, '…')}`;
}
