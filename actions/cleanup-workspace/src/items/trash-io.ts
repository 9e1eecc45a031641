import { join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  type ContainerEngine,
  EngineError,
  type Folder,
  type FoundEngines,
  mountsBelow,
} from '@runner-actions/host';
import type { Item, ItemOutcome } from '../item.ts';
import { isAbandoned, openOwned } from '../trash.ts';
import { identityOfFolder, type Survey, type TrashFolder } from '../trash-survey.ts';
import type { ContainerSources } from './container-sources.ts';
import {
  type Answer,
  bySize,
  chooseImages,
  goPlatform,
  isLeftOver,
  type Means,
  nameOf,
  planFolder,
  trashLabel,
  type TrashStep,
} from './trash.ts';
import { reserve, runContainer, runSudo, type Target } from './trash-run.ts';

/** How the item reaches the machine. */
export interface TrashSources {
  work: Folder;
  /** @returns `undefined` if a file system does not answer */
  survey(removes: boolean, deadline: Deadline): Promise<Survey | undefined>;
  containers(): ContainerSources;
  /** Whether the machine's policy allows `sudo`. */
  sudo: boolean;
  /** Whether this user is an ordinary one of Linux, so that another one can help. */
  needsHelp: boolean;
}

/** Number of images that are inspected, and of containers that a killed clean-up may have left. */
const maxImages = 40;
const maxContainers = 20;

/** What other users own in the trash. This user cannot remove it, so a container or `sudo` does. */
export function trashItem(sources: TrashSources): Item<TrashStep> {
  let folders: TrashFolder[] = [];
  const told = new Set<string>();
  const survey = async (removes: boolean, deadline: Deadline): Promise<Survey | undefined> => {
    const found = await sources.survey(removes, deadline);
    if (found === undefined) told.add("'trash' was given up, because a file system did not answer in time.");
    else folders = found.folders;
    return found;
  };
  return {
    name: 'trash',
    plan: async (deadline) => {
      const found = (await survey(false, deadline))?.folders ?? [];
      const helps = sources.needsHelp && found.some((each) => each.stays === undefined && each.blocked > 0);
      const { means, left } = helps ? await findMeans(sources, told, deadline) : { means: [], left: [] };
      return [...left, ...found.map((folder) => planFolder(folder, means))];
    },
    notes: (outcome) => [...told, ...(outcome === undefined ? [] : leftovers(folders))],
    execute: async (steps, deadline) => {
      const outcome: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: true };
      const planned = steps.filter(({ action }) => action === 'remove');
      if (folders.length === 0 && planned.length === 0) return outcome;
      await executeSteps(planned, sources, outcome, told, deadline);
      const after = await survey(true, deadline);
      if (after === undefined) return { ...outcome, finished: false };
      const left = new Map(after.folders.map(({ name, blocked }) => [name, blocked]));
      const emptied = planned.flatMap(({ folder }) => folder ?? []);
      const removed = emptied.map(({ name, blocked }) => Math.max(0, blocked - (left.get(name) ?? 0)));
      outcome.removed += removed.reduce((sum, count) => sum + count, 0);
      const gone = emptied.filter(({ name }) => !left.has(name));
      const paths = gone.map(({ name }) => join(sources.work.path, '.trash', name));
      return { ...outcome, freedBytes: after.freedBytes, gone: paths, left: countLeft(folders) };
    },
  };
}

/** Counts what stays of earlier jobs. */
function countLeft(folders: readonly TrashFolder[]): number {
  const earlier = folders.filter(({ own }) => !own);
  return earlier.reduce(
    (sum, { blocked, stays }) => sum + (stays === undefined ? blocked : Math.max(1, blocked)),
    0,
  );
}

/** Tells what stays of earlier jobs, without the paths, which may be those of other repositories. */
function leftovers(folders: readonly TrashFolder[]): string[] {
  const count = countLeft(folders);
  if (count === 0) return [];
  const entries = count === 1 ? '1 entry' : `${count} entries`;
  return [
    `The trash contains ${entries} of earlier jobs that this user cannot remove. Remove them as root, for example with 'runner-actions cleanup'.`,
  ];
}

/** Returns the engines whose paths are those of this machine, and why others cannot be used. */
async function ownEngines(containers: ContainerSources, deadline: Deadline): Promise<FoundEngines> {
  if (containers.inside) return { engines: [], problems: [] };
  const { engines, problems } = await containers.engines(deadline);
  return { engines: engines.filter(({ machine }) => machine === containers.machine), problems };
}

async function findMeans(
  sources: TrashSources,
  told: Set<string>,
  deadline: Deadline,
): Promise<{ means: Means[]; left: TrashStep[] }> {
  const means: Means[] = [];
  const left: TrashStep[] = [];
  const containers = sources.containers();
  const { engines, problems } = await ownEngines(containers, deadline);
  for (const problem of problems) told.add(problem);
  for (const engine of engines) {
    try {
      left.push(...(await leftOverIn(engine, containers.facts.work, deadline)));
      means.push(...(await imagesOf(engine, deadline)));
    } catch (error) {
      told.add(unusable(engine.socket, error));
    }
  }
  // Of a job container, root is not that of the machine.
  return { means: sources.sudo && !containers.inside ? [...means, { by: 'sudo' }] : means, left };
}

function unusable(socket: string, error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  return `The container engine at ${socket} does not help to empty the trash: ${messageOf(error)}.`;
}

async function leftOverIn(engine: ContainerEngine, work: string, deadline: Deadline): Promise<TrashStep[]> {
  const { items } = await engine.listContainers(deadline, `${trashLabel}=${work}`);
  const steps: TrashStep[] = [];
  for (const { id } of items.slice(0, maxContainers)) {
    const container = await engine.inspectContainer(id, deadline);
    if (container === undefined || !isLeftOver(container, { work, now: Date.now() })) continue;
    const what = `container ${id.slice(0, 12)}`;
    const why = 'a clean-up that was killed started it';
    steps.push({ action: 'remove', what, why, container: { engine: engine.socket, id } });
  }
  return steps;
}

async function imagesOf(engine: ContainerEngine, deadline: Deadline): Promise<Means[]> {
  const { items } = await engine.listImages(deadline);
  const named = items.filter((image) => nameOf(image) !== undefined).sort(bySize);
  const images = [];
  for (const image of named.slice(0, maxImages)) {
    const kind = await engine.inspectImage(image.id, deadline);
    if (kind !== undefined) images.push({ image, kind });
  }
  const { socket } = engine;
  return chooseImages(images, goPlatform(process.platform, process.arch)).map(({ id, name }) => ({
    ...{ by: 'container' as const, engine: socket, image: id, name },
  }));
}

async function executeSteps(
  steps: readonly TrashStep[],
  sources: TrashSources,
  outcome: ItemOutcome,
  told: Set<string>,
  deadline: Deadline,
): Promise<void> {
  const containers = sources.containers();
  const found = await ownEngines(containers, deadline);
  const engines = new Map(found.engines.map((engine) => [engine.socket, engine]));
  for (const { container, folder, means = [] } of steps) {
    if (deadline.remaining() <= reserve) {
      outcome.finished = false;
      return;
    }
    if (container !== undefined) await removeLeftOver(engines.get(container.engine), container.id, deadline);
    if (folder === undefined) continue;
    const target = open(sources.work, folder);
    if (target === undefined) continue;
    try {
      const { work } = containers.facts;
      await empty({ ...folder, path: target.path, work }, means, engines, told, deadline);
    } finally {
      closeFolder(target);
    }
  }
}

async function removeLeftOver(
  engine: ContainerEngine | undefined,
  id: string,
  deadline: Deadline,
): Promise<void> {
  await engine?.removeContainer(id, deadline).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
  });
}

/**
 * Opens a folder of the trash if it is still the one of the plan. As long as it is open, no other folder can get its
 * inode.
 */
function open(work: Folder, { name, own, identity }: TrashFolder): Folder | undefined {
  const opened: Folder[] = [];
  try {
    const trash = openOwned(work, '.trash', work);
    opened.push(trash);
    const folder = openOwned(trash, name, work);
    const isPlanned = identityOfFolder(folder) === identity && (own || isAbandoned(trash, name));
    if (isPlanned && mountsBelow(folder.path).length === 0) return folder;
    opened.push(folder);
  } catch {
    // Somebody has replaced or removed it.
  } finally {
    opened.forEach(closeFolder);
  }
  return undefined;
}

/** Tries one means after the other, until one has removed everything. Those that cannot be used are not tried again. */
async function empty(
  target: Target,
  means: readonly Means[],
  engines: Map<string, ContainerEngine>,
  told: Set<string>,
  deadline: Deadline,
): Promise<void> {
  const refused = new Set<string>();
  for (const one of means) {
    if (deadline.remaining() <= reserve) return;
    if (one.by === 'sudo') {
      const answer = await runSudo(target, deadline);
      if (answer === 'removed') return;
      if (answer === 'no GNU rm') told.add("The trash was not emptied by sudo, which needs GNU's 'rm'.");
      continue;
    }
    const engine = engines.get(one.engine);
    if (engine === undefined || refused.has(one.engine)) continue;
    const answer = await runContainer(engine, one.image, target, deadline).catch((error: unknown): Answer => {
      told.add(unusable(one.engine, error));
      // An engine that does not answer would not do so for another image either.
      if ((error as EngineError).status === undefined) engines.delete(one.engine);
      return 'no program';
    });
    if (answer === 'removed') return;
    // Another image of this engine would find the same.
    if (answer !== 'no program') refused.add(one.engine);
    if (answer === 'another folder')
      told.add(`The container engine at ${one.engine} does not see the trash of this machine.`);
  }
}
