import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInside } from '@runner-actions/host';
import { secret, type World } from './world.ts';

/** All of a world but the store and what the job caches, by its path: kind, mode, owner, time, content. */
export type Picture = Map<string, string>;

export function look({ folder, root, target, built }: World): Picture {
  const others = [root, target, built, join(folder, 'trees'), join(folder, 'work/_temp')];
  return new Map(walk(folder, others).map((path) => [relative(folder, path), describe(path)]));
}

/** A path and all below it; links are not followed. */
function walk(top: string, except: readonly string[] = []): string[] {
  const found: string[] = [];
  const open = lstatSync(top, { throwIfNoEntry: false }) === undefined ? [] : [top];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    found.push(path);
    if (!lstatSync(path).isDirectory()) continue;
    for (const name of readdirSync(path)) if (!except.includes(join(path, name))) open.push(join(path, name));
  }
  return found;
}

function describe(path: string): string {
  const entry = lstatSync(path, { bigint: true });
  const content = entry.isFile()
    ? contentOf(path, entry.size)
    : entry.isSymbolicLink()
      ? readlinkSync(path)
      : '';
  const time = entry.isDirectory() ? '' : entry.mtimeNs;
  return [entry.ino, entry.mode.toString(8), entry.uid, entry.gid, time, content].join(' ');
}

/** A stranger may have made a file huge that has a further name in the store: its time tells the rest. */
function contentOf(path: string, size: bigint): string {
  return size > 1e6 ? `${size} bytes` : readFileSync(path, 'latin1');
}

/** What is another than before, and what of the victim's own got to where the job caches. */
export function faultsIn(world: World, before: Picture): string[] {
  const after = look(world);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name)} -> ${after.get(name)}`);
  return [...changed, ...leaked(world)];
}

function leaked({ folder, target }: World): string[] {
  return walk(target).flatMap((path) => {
    const entry = lstatSync(path);
    const name = relative(folder, path);
    if (entry.isSymbolicLink()) {
      const end = join(path, '..', readlinkSync(path));
      return isInside(end, join(folder, 'home')) ? [`${name} leads to the home`] : [];
    }
    // What is larger is the stranger's own.
    if (!entry.isFile() || entry.size > 1e6) return [];
    if ((entry.mode & 0o7000) !== 0) return [`${name} has the mode ${entry.mode.toString(8)}`];
    return readFileSync(path, 'utf8').includes(secret) ? [`${name} has what is in the home`] : [];
  });
}
