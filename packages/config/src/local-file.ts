import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { connect } from '@runner-actions/github';
import { apiFiles } from './api-io.ts';
import { checkoutFiles } from './checkout-io.ts';
import type { FilePlace, Files } from './files.ts';

/**
 * Opens a file that a command names, together with the files of its repository. Files of other repositories are fetched
 * with GITHUB_TOKEN.
 */
export function localFile(given: string): { files: Files; place: FilePlace; root: string } {
  // npm starts a script in the folder of its package, and names the caller's.
  const path = resolve(process.env['INIT_CWD'] ?? '.', given);
  const root = rootOf(path);
  const place = { repository: undefined, ref: undefined, path: relative(root, path).split(sep).join('/') };
  return { files: filesBelow(root), place, root };
}

/**
 * Finds the folder that contains `.git`; otherwise the file's own folder. A path in `extends` must not lead out of
 * it.
 */
function rootOf(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dirname(path);
  }
}

function filesBelow(root: string): Files {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: apiUrl = 'https://api.github.com' } = process.env;
  const github = token ? connect({ token, apiUrl, deadline: startDeadline(60_000), calls: 100 }) : undefined;
  return checkoutFiles(root, apiFiles({ github, repository: '', ref: undefined }));
}
