import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runnerFolders } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { type PathFacts, readDisks } from '../../src/items/path-items.ts';
import { deadline, makeMachine } from './runner-world.ts';

/** A runner on a disk that is always low. */
function makeFacts() {
  const { work, top, root } = makeMachine(['_work/_tool/x']);
  const facts: PathFacts = {
    folders: runnerFolders({
      temp: join(work, '_temp'),
      workspace: join(work, 'app/app'),
      toolCache: undefined,
    }),
    ...{ repository: 'app', protect: [], maxAge: 0, levels: { high: 0, low: 0 } },
  };
  return { facts, own: [work, join(work, '_tool'), root], store: join(top, 'store'), work };
}

describe('the disks that are looked at', () => {
  it('are those of the runner, and that of the cache store if it may be freed', async () => {
    const { facts, own, store } = makeFacts();
    mkdirSync(store);
    const wasLow = async (more: Pick<PathFacts, 'store'>) =>
      (await readDisks({ ...facts, ...more }, deadline())).wasLow;
    expect(await wasLow({})).toEqual(own);
    expect(await wasLow({ store: { root: store, alone: false } })).toEqual([...own, store]);
    expect(await wasLow({ store: { root: store, alone: true } })).toEqual([store]);
  });

  it('do not include a store that does not exist, about which nothing is told', async () => {
    const { facts, store, work } = makeFacts();
    for (const root of [store, undefined]) {
      const found = await readDisks({ ...facts, store: { root, alone: true } }, deadline());
      expect([found.wasLow, found.unknown]).toEqual([[], []]);
    }
    mkdirSync(join(work, '_runner-actions-cache'));
    const found = await readDisks({ ...facts, store: { root: undefined, alone: true } }, deadline());
    expect(found.wasLow).toEqual([join(work, '_runner-actions-cache')]);
  });
});
