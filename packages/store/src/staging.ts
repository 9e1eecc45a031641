import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { discard } from './discard.ts';
import { bootId, processAlive, readProcess } from '@runner-actions/host';

/** Who works in a staging folder: enough to tell that it has died, even when its number is used again. */
interface Owner {
  pid: number;
  startTime: number | undefined;
  boot: string | undefined;
}

/** Without an owner that can be judged, a folder is debris after a day. */
const patience = 24 * 3_600_000;

/** A new folder in the store's own file system, so that what is made in it can be published by a rename. */
export function makeStaging(root: string): string {
  const owner = { pid: process.pid, startTime: readProcess(process.pid)?.startTime, boot: currentBoot() };
  // The name says who works in it: made by one call, the folder is never there without its owner.
  const folder = join(root, 'staging', nameOf(owner));
  mkdirSync(join(root, 'staging'), { recursive: true, mode: 0o700 });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

export function dropStaging(folder: string): void {
  discard(Buffer.from(folder));
}

/** Removes the staging folders of processes that have died. @returns how many */
export function sweepStaging(root: string, now: number = Date.now()): number {
  const staging = join(root, 'staging');
  const dead = readdirSync(staging)
    .map((name) => join(staging, name))
    .filter((folder) => isDead(folder, now));
  for (const folder of dead) dropStaging(folder);
  return dead.length;
}

function nameOf({ pid, startTime, boot }: Owner): string {
  return [pid, startTime ?? '', boot ?? '', randomUUID()].join('_');
}

function readName(name: string): Owner | undefined {
  const [, pid, startTime, boot] = /^(\d+)_(\d*)_([\w-]*)_[\w-]+$/.exec(name) ?? [];
  if (pid === undefined) return undefined;
  return { pid: Number(pid), startTime: startTime ? Number(startTime) : undefined, boot: boot || undefined };
}

function isDead(folder: string, now: number): boolean {
  const owner = readName(basename(folder));
  if (owner !== undefined) {
    const boot = currentBoot();
    if (boot !== undefined && owner.boot !== undefined && boot !== owner.boot) return true;
    const alive = owner.startTime === undefined ? undefined : processAlive(owner.pid, owner.startTime);
    if (alive !== undefined) return !alive;
  }
  const modified = lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - modified > patience;
}

function currentBoot(): string | undefined {
  const boot = bootId();
  return typeof boot === 'string' ? boot : undefined;
}
