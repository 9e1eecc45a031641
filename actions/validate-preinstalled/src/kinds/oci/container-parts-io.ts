import { lstat, mkdir, readlink, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isUnknown, mountOf, readMounts } from '@runner-actions/host';
import type { ContainerParts } from './oci-config.ts';

/** Folders with programs and libraries. `/nix` and `/gnu` are those of NixOS and Guix. */
const names = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'nix', 'gnu'];

/**
 * Makes the root folder of a container without a program of our own: the machine's programs are mounted into it, and
 * `/bin` and the like are links as on the machine.
 * @param program absolute path of the program that waits
 */
export async function makeRoot(bundle: string, program: string): Promise<Omit<ContainerParts, 'user'>> {
  const root = join(bundle, 'rootfs');
  for (const name of ['proc', 'dev']) await mkdir(join(root, name), { recursive: true });
  const folders: string[] = [];
  for (const name of names) {
    const entry = await lstat(`/${name}`).catch(() => undefined);
    if (entry?.isSymbolicLink()) await symlink(await readlink(`/${name}`), join(root, name));
    if (entry?.isDirectory() !== true) continue;
    await mkdir(join(root, name));
    folders.push(`/${name}`);
  }
  // It ends by itself, so that nothing runs on if this process is killed.
  return { argv: [program, '60'], folders };
}

/** Returns the first of these programs that the container has too, as it is in the folders that are mounted there. */
export async function waitingProgram(paths: readonly string[]): Promise<string | undefined> {
  const isInside = (path: string): boolean => names.includes(path.split('/')[1] ?? '');
  for (const path of paths) if (isInside(path) && isInside(await realpath(path))) return path;
  return undefined;
}

/** Returns the mount points with `noexec` that hold one of the paths. */
export function noexecMounts(paths: readonly string[]): readonly string[] {
  const mounts = readMounts();
  if (isUnknown(mounts)) return [];
  const found = paths.map((path) => mountOf(path, mounts));
  const points = found.flatMap((mount) => (mount?.options.includes('noexec') ? [mount.mountPoint] : []));
  return [...new Set(points)];
}
