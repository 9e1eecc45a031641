import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const folder = join(root, 'staging', randomUUID());
  mkdirSync(join(root, 'staging'), { recursive: true, mode: 0o700 });
  const owner: Owner = {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime,
    boot: currentBoot(),
  };
  // The owner first: a folder without one could not be judged if this process died here.
  writeFileSync(ownerOf(folder), JSON.stringify(owner));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

export function dropStaging(folder: string): void {
  discard(Buffer.from(folder));
  rmSync(ownerOf(folder), { force: true });
}

/** Removes the staging folders of processes that have died. @returns how many */
export function sweepStaging(root: string, now: number = Date.now()): number {
  const staging = join(root, 'staging');
  const ids = new Set(readdirSync(staging).map((name) => name.replace(/\.owner\.json$/, '')));
  const dead = [...ids].map((id) => join(staging, id)).filter((folder) => isDead(folder, now));
  for (const folder of dead) dropStaging(folder);
  return dead.length;
}

function ownerOf(folder: string): string {
  return `${folder}.owner.json`;
}

function isDead(folder: string, now: number): boolean {
  try {
    const owner = JSON.parse(readFileSync(ownerOf(folder), 'utf8')) as Owner;
    const boot = currentBoot();
    if (boot !== undefined && owner.boot !== undefined && boot !== owner.boot) return true;
    const alive = owner.startTime === undefined ? undefined : processAlive(owner.pid, owner.startTime);
    if (alive !== undefined) return !alive;
  } catch {
    // Its owner is just being written, or just ended: age decides.
  }
  const modified = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - modified > patience;
}

function currentBoot(): string | undefined {
  const boot = bootId();
  return typeof boot === 'string' ? boot : undefined;
}
