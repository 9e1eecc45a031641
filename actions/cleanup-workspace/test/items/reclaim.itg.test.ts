import { afterEach, describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { findEngines, type FoundEngines } from '@runner-actions/host';
import { type FakeEngineState, type SocketServer, startFakeEngine } from '@runner-actions/testing/engine';
import { buildCacheItem } from '../../src/items/build-cache-io.ts';
import { imagesItem } from '../../src/items/images-io.ts';
import { began, id } from './facts.ts';

const servers: SocketServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(state: Partial<FakeEngineState>) {
  const engine = await startFakeEngine(state);
  servers.push(engine);
  const engines = (limit: ReturnType<typeof startDeadline>): Promise<FoundEngines> =>
    findEngines({ DOCKER_HOST: `unix://${engine.socket}` }, limit);
  return { ...engine, engines };
}

const iso = (time: number): string => new Date(time).toISOString();
const using = { Id: id(1), Image: `sha256:${id(1)}` };
const changes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith('GET'));
const deadline = () => startDeadline(60_000);

const day = 86_400_000;
const imageFacts = { now: began, began, alone: undefined, maxAge: 14 * day };
const image = (number: number, days: number, more: object = {}) => ({
  ...{
    Id: `sha256:${id(number)}`,
    RepoTags: [`app:${number}`],
    Created: (began - days * day) / 1000,
    Metadata: { LastTagTime: iso(began - days * day) },
    ...more,
  },
});

describe('images', () => {
  it('go until the disk has enough space; used, new, recently tagged ones and those of podman stay', async () => {
    // Podman does not know when it was pulled.
    const ofPodman = image(7, 60, { Metadata: undefined });
    const recent = { Metadata: { LastTagTime: iso(began - day) } };
    const { engines, calls } = await start({
      containers: [using],
      images: [
        image(1, 90),
        image(2, 80, recent),
        image(3, 2),
        image(4, 70),
        image(5, 60),
        image(6, 50),
        ofPodman,
      ],
    });
    let removed = 0;
    const enough = async () => (removed = changes(calls).length) === 2;
    const item = imagesItem({ engines, facts: imageFacts, enough });
    const steps = await item.plan(deadline());
    expect(steps.map(({ action, what }) => `${action} ${what.split(' ')[0]}`)).toEqual([
      ...["remove 'app:4'", "remove 'app:5'", "remove 'app:6'", 'keep 4'],
    ]);
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 2, finished: true });
    expect(changes(calls)).toEqual([4, 5].map((number) => `DELETE /images/sha256:${id(number)}`));
    expect(removed).toBe(2);
  });

  it('that were tagged or used since the plan stay, and what the engine refuses is no residue', async () => {
    const { engines, calls, state } = await start({
      images: [image(1, 90), image(2, 80), image(3, 70)],
      refuse: { [`DELETE /images/sha256:${id(3)}`]: 409 },
    });
    const item = imagesItem({ engines, facts: imageFacts, enough: async () => false });
    const steps = await item.plan(deadline());
    state.containers = [using];
    Object.assign(state.images[1] ?? {}, { Metadata: { LastTagTime: iso(began) } });
    expect(await item.execute(steps, deadline())).toEqual({
      removed: 0,
      freedBytes: 0,
      residue: [],
      finished: true,
    });
    expect(changes(calls)).toEqual([`DELETE /images/sha256:${id(3)}`]);
  });

  it('stay if the list of containers is not complete', async () => {
    const { engines } = await start({ containers: [{ Id: 'x' }], images: [image(1, 90)] });
    const steps = await imagesItem({ engines, facts: imageFacts, enough: async () => false }).plan(
      deadline(),
    );
    expect(steps.map(({ action }) => action)).toEqual(['keep']);
  });
});

describe('the build cache', () => {
  const cache = [
    { InUse: false, Size: 4000 },
    { InUse: true, Size: 9 },
  ];

  it('goes by age first, then by size, and stops at the target', async () => {
    const { engines, calls } = await start({ buildCache: cache });
    const item = buildCacheItem({
      engines,
      maxAge: 14 * day,
      enough: async () => changes(calls).length === 2,
    });
    const steps = await item.plan(deadline());
    expect(steps.map(({ bytes }) => bytes)).toEqual([4000]);
    expect(await item.execute(steps, deadline())).toMatchObject({ freedBytes: 2000, residue: [] });
    expect(changes(calls).map((call) => decodeURIComponent(call))).toEqual([
      'POST /build/prune?all=true&filters={"until":["1209600s"]}',
      'POST /build/prune?all=true&keep-storage=2000',
    ]);
  });

  it('goes by age only if its size is unknown', async () => {
    const { engines, calls } = await start({ buildCache: cache, refuse: { 'GET /system/df': 500 } });
    const item = buildCacheItem({ engines, maxAge: 14 * day, enough: async () => false });
    await item.execute(await item.plan(deadline()), deadline());
    expect(changes(calls)).toHaveLength(1);
  });

  it('has freed no more than it had, as the engine also counts what images share', async () => {
    const { engines } = await start({ buildCache: [{ InUse: false, Size: 1500 }] });
    const item = buildCacheItem({ engines, maxAge: 14 * day, enough: async () => false });
    expect(await item.execute(await item.plan(deadline()), deadline())).toMatchObject({
      removed: 1,
      freedBytes: 1500,
    });
  });

  it('that the engine does not remove is residue, once', async () => {
    const { engines } = await start({ buildCache: cache, refuse: { 'POST /build/prune': 500 } });
    const item = buildCacheItem({ engines, maxAge: 14 * day, enough: async () => false });
    const outcome = await item.execute(await item.plan(deadline()), deadline());
    expect(outcome.residue.map(({ reason }) => reason)).toEqual([expect.stringContaining('status 500')]);
  });

  it('does not exist in podman', async () => {
    const { engines, calls, socket } = await start({});
    const item = buildCacheItem({ engines, maxAge: 14 * day, enough: async () => false });
    expect(await item.plan(deadline())).toEqual([]);
    // Even if a plan of it came from somewhere.
    const step = { action: 'remove' as const, engine: socket, bytes: 5, what: 'x', why: 'x' };
    expect(await item.execute([step], deadline())).toMatchObject({ removed: 0, residue: [] });
    expect(changes(calls)).toHaveLength(3);
  });
});
