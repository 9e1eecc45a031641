import { type Deadline, formatBytes, messageOf } from '@runner-actions/core';
import { type ContainerEngine, EngineError, type FoundEngines } from '@runner-actions/host';
import type { Item, ItemOutcome, ItemStep } from '../item.ts';
import { formatAge } from './images.ts';

export interface BuildCacheStep extends ItemStep {
  /** The socket of its engine. */
  engine: string;
  /** The size of the cache that neither a build nor an image uses, before the removal; 0 if it is unknown. */
  bytes: number;
}

/** How the item reaches the machine. */
export interface BuildCacheSources {
  engines(deadline: Deadline): Promise<FoundEngines>;
  /** Milliseconds. Cache that was not used for so long goes first. */
  maxAge: number;
  /** Returns whether the engine's disk has enough free space, so that nothing more need go. */
  enough(engine: ContainerEngine): Promise<boolean>;
}

/** The shares of the cache that stay in each round, if the disk still has too little space. */
const shares = [1 / 2, 1 / 4];

/**
 * Docker's build cache that no build uses. First what is older than `maxAge`, then the least recently used half, then half
 * of the rest. Podman has no build cache.
 */
export function buildCacheItem(sources: BuildCacheSources): Item<BuildCacheStep> {
  return {
    name: 'build-cache',
    plan: async (deadline) => {
      const { engines, problems } = await sources.engines(deadline);
      const steps = problems.map((why) => note('', 'container engine', why));
      for (const engine of engines) {
        if (await sources.enough(engine)) continue;
        const { socket } = engine;
        const what = `build cache of the engine at ${socket}`;
        const why = `what was not used for ${formatAge(sources.maxAge)} goes`;
        try {
          const { entries, bytes } = (await engine.buildCache(deadline)) ?? { entries: 0, bytes: 0 };
          if (bytes === 0) continue;
          const size = `${formatBytes(bytes)} in ${entries} entries`;
          steps.push({
            ...{ action: 'remove', engine: socket, bytes, what: `${what}, ${size}` },
            why: `${why}, and then the least recently used parts, until the disk has enough space`,
          });
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          // Engines take long to add up a large cache.
          steps.push({ action: 'remove', engine: socket, bytes: 0, what, why });
        }
      }
      return steps;
    },
    execute: async (steps, deadline) => {
      const outcome: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: true };
      const planned = steps.filter(({ action }) => action === 'remove');
      const { engines } = planned.length === 0 ? { engines: [] } : await sources.engines(deadline);
      for (const step of planned) {
        const engine = engines.find(({ socket }) => socket === step.engine);
        if (engine !== undefined) await pruneInRounds(engine, step, outcome, sources, deadline);
      }
      return outcome;
    },
  };
}

const note = (engine: string, what: string, why: string): BuildCacheStep => ({
  ...{ action: 'keep', engine, bytes: 0, what, why },
});

/** Removes cache until the disk has enough space. A failure ends the rounds, since the engine would fail again. */
async function pruneInRounds(
  engine: ContainerEngine,
  { bytes, what }: BuildCacheStep,
  outcome: ItemOutcome,
  { maxAge, enough }: BuildCacheSources,
  deadline: Deadline,
): Promise<void> {
  const parts = bytes === 0 ? [] : shares.map((share) => ({ keepBytes: share * bytes }));
  let freed = 0;
  try {
    for (const round of [{ unusedFor: maxAge }, ...parts]) {
      if (await enough(engine)) break;
      if (deadline.remaining() === 0) outcome.finished = false;
      else freed += (await engine.pruneBuildCache(round, deadline)) ?? 0;
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    outcome.residue.push({ path: what, reason: messageOf(error) });
  }
  if (freed > 0) outcome.removed += 1;
  // The engine also counts layers that images share, which stay on the disk.
  outcome.freedBytes += Math.min(freed, bytes);
}
