import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { findEngines, type Folder, openFolder, ownerName, ownerOf } from '@runner-actions/host';
import { volumeNotes } from '../../src/items/left-volumes.ts';
import type { ContainerSources } from '../../src/items/container-sources.ts';
import { trashItem, type TrashSources } from '../../src/items/trash-io.ts';
import { surveyTrash } from '../../src/trash-survey.ts';
import { user } from '../as-user.ts';
import { facts } from './facts.ts';

export const deadline = (milliseconds = 60_000) => startDeadline(milliseconds);

/** Returns the name of a process that has ended, as the owner of a folder or a container. */
export async function endedOwner(): Promise<string> {
  const process = spawn('cat');
  const owner = ownerOf(process.pid ?? 0);
  process.kill('SIGKILL');
  await once(process, 'exit');
  return ownerName(owner);
}

export interface TrashWorld {
  work: Folder;
  /** The name and the path of the folder of a clean-up that has ended. */
  name: string;
  entry: string;
  /** What the runner's user cannot remove in it. */
  blocked: string;
  containers: ContainerSources;
  item(more?: Partial<TrashSources>): ReturnType<typeof trashItem>;
}

/**
 * Makes a work folder whose trash has a folder of root, and in it one that root may not enter and one whose files only
 * their owners may remove.
 * @param protect protected paths, relative to the work folder
 */
export async function trashWorld(socket: string, protect: readonly string[] = []): Promise<TrashWorld> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'trash-')));
  chmodSync(root, 0o755);
  const name = `${await endedOwner()}_0b6a1c9e-6a07-4f2e-9d0c-4b8f1d2c3e4f`;
  const entry = join(root, '_work/.trash', name);
  const blocked = join(entry, '1/app/app/build');
  mkdirSync(join(blocked, 'sticky'), { recursive: true });
  mkdirSync(join(blocked, 'closed'));
  for (const file of ['file', 'closed/file', 'sticky/file']) writeFileSync(join(blocked, file), file);
  if (process.getuid?.() === 0) giveAway(root, entry, blocked);
  const work = openFolder(join(root, '_work'));
  const containers: ContainerSources = {
    engines: (limit) => findEngines({ DOCKER_HOST: `unix://${socket}` }, limit),
    facts: { ...facts, work: work.path },
    ...{ isOwn: () => false, inside: false, machine: hostname(), resolve: (path) => path },
    notes: volumeNotes(undefined),
  };
  // This process of root could remove everything itself.
  const survey: TrashSources['survey'] = async (_removes, limit) =>
    surveyTrash(
      work,
      { protect: protect.map((path) => join(work.path, path)), user, cleaner: process.pid },
      false,
      limit,
    );
  const sources = { work, survey, containers: () => containers, sudo: false, needsHelp: true };
  return { work, name, entry, blocked, containers, item: (more) => trashItem({ ...sources, ...more }) };
}

/** Gives the way to the blocking folder to the runner's user. The rest stays with root and two others. */
function giveAway(root: string, entry: string, blocked: string): void {
  for (let path = blocked; path !== root; path = join(path, '..'))
    if (path !== blocked) chownSync(path, user, user);
  chownSync(entry, user, user);
  chownSync(join(blocked, 'sticky'), 1234, 1234);
  chownSync(join(blocked, 'sticky/file'), 5678, 5678);
  chmodSync(join(blocked, 'sticky'), 0o1777);
  chownSync(join(blocked, 'closed'), 1234, 1234);
  chmodSync(join(blocked, 'closed'), 0);
}

/** Plans and executes. */
export async function runItem(item: ReturnType<typeof trashItem>) {
  const steps = await item.plan(deadline());
  const outcome = await item.execute(steps, deadline());
  return { steps, outcome, notes: item.notes?.(outcome) ?? [] };
}
