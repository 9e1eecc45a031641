import { type Deadline, messageOf } from '@runner-actions/core';
import { type ContainerEngine, EngineError, type FoundEngines } from '@runner-actions/host';
import type { Item, ItemOutcome, ItemStep } from '../item.ts';
import { chooseImages, describeImage, type ImageChoice, type ImageFacts } from './images.ts';

export interface ImageStep extends ItemStep {
  /** The socket of its engine. */
  engine: string;
  id: string;
  /** When it was last tagged here; `undefined` if the engine does not know. */
  tagged: number | undefined;
}

/** How the item reaches the machine. */
export interface ImageSources {
  engines(deadline: Deadline): Promise<FoundEngines>;
  facts: ImageFacts;
  /** Returns whether the engine's disk has enough free space, so that nothing more need go. */
  enough(engine: ContainerEngine): Promise<boolean>;
}

/** Number of images that one run removes. */
const maxImages = 200;

/** Images that no container uses. */
export function imagesItem(sources: ImageSources): Item<ImageStep> {
  return {
    name: 'images',
    plan: async (deadline) => {
      const { engines, problems } = await sources.engines(deadline);
      const steps = problems.map((why) => note('', 'container engine', why));
      for (const engine of engines)
        if (!(await sources.enough(engine)))
          steps.push(...(await planEngine(engine, sources.facts, deadline)));
      return steps;
    },
    execute: async (steps, deadline) => {
      const outcome: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: true };
      const planned = steps.filter(({ action }) => action === 'remove');
      const { engines } = planned.length === 0 ? { engines: [] } : await sources.engines(deadline);
      for (const engine of engines) {
        const own = planned.filter(({ engine: socket }) => socket === engine.socket);
        await removeImages(engine, own, outcome, sources, deadline);
      }
      return outcome;
    },
  };
}

const note = (engine: string, what: string, why: string): ImageStep => ({
  ...{ action: 'keep', engine, id: '', tagged: undefined, what, why },
});

async function planEngine(
  engine: ContainerEngine,
  facts: ImageFacts,
  deadline: Deadline,
): Promise<ImageStep[]> {
  const { socket } = engine;
  try {
    const used = await usedImages(engine, deadline);
    if (used === undefined) return [note(socket, `engine at ${socket}`, incomplete)];
    const { items } = await engine.listImages(deadline);
    const steps: ImageStep[] = [];
    for (const choice of chooseImages(items, used, facts).slice(0, maxImages)) {
      const tagged = await engine.lastTagged(choice.image.id, deadline);
      if (isRecent(choice, tagged, facts)) continue;
      const { id } = choice.image;
      steps.push({ action: 'remove', engine: socket, id, tagged, ...describeImage(choice, facts) });
    }
    const rest = items.length - steps.length;
    if (rest > 0)
      steps.push(note(socket, `${rest} more`, 'in use, too new, of unknown age, or left for a later run'));
    return steps;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [note(socket, `engine at ${socket}`, `it cannot be asked for images: ${messageOf(error)}`)];
  }
}

const incomplete = 'its list of containers is not complete, so an image may be in use';

const isRecent = ({ kind }: ImageChoice, tagged: number | undefined, { now, maxAge }: ImageFacts): boolean =>
  // Podman does not know it: an image that was just pulled may have been built long ago.
  kind !== 'dangling' && (tagged === undefined || tagged >= now - maxAge);

/** Returns the ids of the images that containers use; `undefined` if the list is not complete. */
async function usedImages(
  engine: ContainerEngine,
  deadline: Deadline,
): Promise<ReadonlySet<string> | undefined> {
  const { items, complete } = await engine.listContainers(deadline);
  return complete ? new Set(items.map(({ imageId }) => imageId)) : undefined;
}

async function removeImages(
  engine: ContainerEngine,
  steps: readonly ImageStep[],
  outcome: ItemOutcome,
  { enough }: ImageSources,
  deadline: Deadline,
): Promise<void> {
  for (const { id, tagged, what } of steps) {
    if (await enough(engine)) return;
    if (deadline.remaining() === 0) {
      outcome.finished = false;
      return;
    }
    try {
      const used = await usedImages(engine, deadline);
      if (used === undefined || used.has(id) || (await engine.lastTagged(id, deadline)) !== tagged) continue;
      if ((await engine.removeImage(id, deadline)) === 'removed') outcome.removed += 1;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // Something has begun to use it.
      if (error.status !== 409) outcome.residue.push({ path: `image ${what}`, reason: messageOf(error) });
    }
  }
}
