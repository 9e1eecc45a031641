import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, readSmallFile } from '@runner-actions/core';
import type { Container, ContainerEngine } from '@runner-actions/host';
import type { ContainerStep } from './container-removal.ts';

/**
 * The runner removes its containers after the job, but not their anonymous volumes (actions/runner#1885). So a clean-up
 * notes these while the containers run, when the engine itself shows whose they are, and a later one removes them.
 */
export interface LeftVolume {
  /** `identity` of the engine. */
  engine: string;
  /** Id of the container for which the engine created the volume. */
  container: string;
  /** 64 hexadecimal digits, of which only somebody who may use the engine knows. */
  name: string;
}

/** The notes of one runner. */
export interface VolumeNotes {
  read(): LeftVolume[];
  /** Does nothing if they cannot be written: then the volumes stay, as without a clean-up. */
  write(volumes: readonly LeftVolume[]): void;
}

/** Number of notes. The oldest go first. */
const most = 100;
const maxBytes = 65_536;
const hexadecimal = /^[\da-f]{64}$/;

/**
 * Opens the notes in the runner's own folder, which no job container sees: a container could name the volumes of others.
 * @param root where the runner is installed; `undefined` if it is unknown
 */
export function volumeNotes(root: string | undefined): VolumeNotes {
  if (root === undefined) return { read: () => [], write: () => undefined };
  const path = join(root, '.runner-actions-volumes.json');
  return {
    read: () => {
      const owner = lstatSync(path, { throwIfNoEntry: false })?.uid;
      if (owner !== process.geteuid?.()) return [];
      return parseNotes(readSmallFile(path, maxBytes) ?? '');
    },
    write: (volumes) => {
      // Root writes nothing in the folder of another user, who could put a link in its place.
      if (lstatSync(root, { throwIfNoEntry: false })?.uid !== process.geteuid?.()) return;
      const draft = `${path}.${process.pid}`;
      try {
        rmSync(draft, { force: true });
        writeFileSync(draft, `${JSON.stringify(volumes.slice(-most))}\n`, { flag: 'wx', mode: 0o600 });
        renameSync(draft, path);
      } catch {
        rmSync(draft, { force: true });
      }
    },
  };
}

/** Parses notes. Leaves out what is not one. */
export function parseNotes(text: string): LeftVolume[] {
  try {
    const notes = JSON.parse(text) as unknown;
    return Array.isArray(notes) ? notes.slice(-most).flatMap(parseNote) : [];
  } catch {
    return [];
  }
}

function parseNote(note: Partial<LeftVolume> | null): LeftVolume[] {
  const { engine, container, name } = note ?? {};
  if (typeof engine !== 'string' || typeof container !== 'string' || typeof name !== 'string') return [];
  return hexadecimal.test(container) && hexadecimal.test(name) ? [{ engine, container, name }] : [];
}

/**
 * Plans the removal of noted volumes: their container is gone, nothing uses them, and they have no label.
 * @param containers all containers of the engine
 */
export async function planLeftVolumes(
  { socket, identity, listDanglingVolumes }: ContainerEngine,
  notes: readonly LeftVolume[],
  containers: readonly Container[],
  deadline: Deadline,
): Promise<ContainerStep[]> {
  const ids = new Set(containers.map(({ id }) => id));
  const gone = notes.filter(({ engine, container }) => engine === identity && !ids.has(container));
  if (gone.length === 0) return [];
  const { items } = await listDanglingVolumes(deadline);
  const unused = new Set(items.filter(({ labelled }) => !labelled).map(({ name }) => name));
  return gone
    .filter(({ name }) => unused.has(name))
    .map(({ name }): ContainerStep => ({
      ...{ action: 'remove', kind: 'volume', engine: socket, id: name, created: undefined, volumes: [] },
      ...{
        what: `${name.slice(0, 12)}`,
        why: 'a container that this runner started for an earlier job left it',
      },
    }));
}

/** Returns the notes after the steps were executed: without the volumes that have gone, with those of this job. */
export function nextNotes(
  old: readonly LeftVolume[],
  steps: readonly ContainerStep[],
  removed: ReadonlySet<string>,
): LeftVolume[] {
  const found = steps.flatMap(({ leaves = [] }) => leaves);
  const names = new Set([...removed, ...found.map(({ name }) => name)]);
  return [...old.filter(({ name }) => !names.has(name)), ...found];
}
