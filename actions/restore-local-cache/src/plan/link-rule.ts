import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '@runner-actions/host';
import { pathFromText, type LinkRule, pathToText } from '@runner-actions/store';
import { baseOfGlob } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/** Folders in a home directory where version managers keep the targets of virtual environments and shims. */
const versionManagers = [
  ...['.asdf', '.bun', '.cargo', '.conda', '.deno', '.fnm', '.ghcup', '.goenv', '.jenv', '.juliaup', '.mise'],
  ...['.nodenv', '.nvm', '.nix-profile', '.pyenv', '.rbenv', '.rustup', '.rvm', '.sdkman', '.volta'],
  ...['.local/pipx', '.local/share/fnm', '.local/share/mise', '.local/share/pipx', '.local/share/pnpm'],
  ...['.local/share/rtx', '.local/share/uv', 'go', 'miniconda3', 'miniforge3'],
];

/**
 * Where operating systems keep programs. Root can write everywhere, so for root only these folders count as read-only.
 */
const systemFolders = ['/usr', '/bin', '/lib', '/lib64', '/nix/store', '/System', '/Library'];
/** Virtual file systems. A link into them could expose the memory of a job. */
const virtualFolders = ['/proc', '/sys', '/dev'];

/**
 * Returns the rule for symlinks in a tree that comes from another machine. A link may lead:
 * - into the workspace, except its `.git`;
 * - into a path that a cache restores;
 * - into the tool cache or a version manager's folder in the home directory;
 * - to a place that this user cannot write.
 */
export function linkRule(target: string, paths: readonly string[], roots: Roots): LinkRule {
  const { workspace, home, tool } = roots;
  const restored = [
    target,
    ...paths.filter((path) => !path.startsWith('!')).map((path) => baseOfGlob(path, roots)),
  ].filter((path) => !isInside(workspace, path) && !isInside(home, path));
  const known = [...restored, tool, ...versionManagers.map((name) => join(home, name))];
  return {
    root: pathFromText(target),
    mayLeadTo(bytes) {
      const place = pathToText(bytes);
      if (known.some((folder) => isInside(place, folder))) return true;
      if (isInside(place, workspace)) return !isInside(place, join(workspace, '.git'));
      return isUnwritable(place);
    },
  };
}

/** Returns whether this user can neither write a place nor replace it. */
function isUnwritable(place: string): boolean {
  if (virtualFolders.some((folder) => isInside(place, folder))) return false;
  if (process.getuid?.() === 0 || process.platform === 'win32')
    return systemFolders.some((folder) => isInside(place, folder));
  let there = place;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  // A symlink on the way may lead to a writable place.
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
