import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '@runner-actions/host';
import { fromText, type LinkRule, toText } from '@runner-actions/store';
import { baseOfGlob } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/** Folders in a home where version versionManagers keep what virtual environments and shims link to. */
const versionManagers = [
  ...['.asdf', '.bun', '.cargo', '.conda', '.deno', '.fnm', '.ghcup', '.goenv', '.jenv', '.juliaup', '.mise'],
  ...['.nodenv', '.nvm', '.nix-profile', '.pyenv', '.rbenv', '.rustup', '.rvm', '.sdkman', '.volta'],
  ...['.local/pipx', '.local/share/fnm', '.local/share/mise', '.local/share/pipx', '.local/share/pnpm'],
  ...['.local/share/rtx', '.local/share/uv', 'go', 'miniconda3', 'miniforge3'],
];

/** Where systems keep programs. As root, who may write all, only these count as not to be written. */
const systemFolders = ['/usr', '/bin', '/lib', '/lib64', '/nix/store', '/System', '/Library'];
/** What is no file of a disk: a link there may show what a job has in memory. */
const virtualFolders = ['/proc', '/sys', '/dev'];

/**
 * Where links of a tree from elsewhere may lead: within the workspace, but not into its `.git`; into what a cache restores; and to
 * what programs are linked from: the tool cache, version versionManagers in the home, what this user cannot write.
 */
export function linkRule(target: string, paths: readonly string[], roots: Roots): LinkRule {
  const { workspace, home, tool } = roots;
  const restored = [
    target,
    ...paths.filter((path) => !path.startsWith('!')).map((path) => baseOfGlob(path, roots)),
  ].filter((path) => !isInside(workspace, path) && !isInside(home, path));
  const known = [...restored, tool, ...versionManagers.map((name) => join(home, name))];
  return {
    root: fromText(target),
    mayLeadTo(bytes) {
      const place = toText(bytes);
      if (known.some((folder) => isInside(place, folder))) return true;
      if (isInside(place, workspace)) return !isInside(place, join(workspace, '.git'));
      return isUnwritable(place);
    },
  };
}

/** Whether this user can neither write a place nor put something else there. */
function isUnwritable(place: string): boolean {
  if (virtualFolders.some((folder) => isInside(place, folder))) return false;
  if (process.getuid?.() === 0 || process.platform === 'win32')
    return systemFolders.some((folder) => isInside(place, folder));
  let there = place;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  // A link on the way may lead to what can be written.
  const real = realpathSync(there);
  return ![there, dirname(there), real, dirname(real)].some(mayWrite);
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
