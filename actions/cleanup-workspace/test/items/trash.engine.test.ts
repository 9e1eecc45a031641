import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openEngine, ownerName, ownerOf } from '@runner-actions/host';
import { engineMissing, type RealEngine, startRealEngine } from '@runner-actions/testing/real-engine';
import { ownerLabel, trashLabel } from '../../src/items/trash.ts';
import { runContainer } from '../../src/items/trash-run.ts';
import { deadline, endedOwner, runItem, trashWorld, type TrashWorld } from './trash-world.ts';

describe.each(['docker', 'podman'] as const)('the trash, by %s', (kind) => {
  const missing = engineMissing(kind);
  if (missing !== undefined) {
    it('is not tested', (context) => context.skip(missing));
    return;
  }
  let engine: RealEngine;
  let mounted: { world: TrashWorld; precious: string };
  beforeAll(async () => {
    mounted = await mountedForTheEngine(async () => (engine = await startRealEngine(kind)));
  });
  afterAll(() => engine.close());
  const runs = (test: () => Promise<void>) => async (context: TestContext) => {
    if (engine.cannotRun !== undefined) context.skip(engine.cannotRun);
    await test();
  };

  it(
    'removes what other users own, and leaves no container',
    runs(() => removes(engine)),
  );
  it(
    'tries the next image if one has no shell',
    runs(() => noShell(engine)),
  );
  it(
    'removes nothing from another folder',
    runs(() => otherFolder(engine)),
  );
  it(
    'leaves alone what only the engine sees mounted',
    runs(() => onlyTheEngine(engine, mounted)),
  );
  it(
    'has two capabilities, no network, and nothing else to write to',
    runs(() => isolated(engine)),
  );
  it(
    'removes the container of a killed clean-up',
    runs(() => killed(engine)),
  );
});

/** Mounts a folder below an entry while the engine starts, so that later only the engine sees the mount. */
async function mountedForTheEngine(start: () => Promise<RealEngine>) {
  const precious = mkdtempSync(join(tmpdir(), 'precious-'));
  writeFileSync(join(precious, 'file'), '');
  const world = await trashWorld('');
  const point = join(world.blocked, 'mounted');
  mkdirSync(point);
  execFileSync('mount', ['--bind', precious, point]);
  try {
    const { socket } = await start();
    return { world: { ...world, ...(await connected(world, socket)) }, precious };
  } finally {
    execFileSync('umount', [point]);
  }
}

const connected = async ({ containers }: TrashWorld, socket: string) => {
  const { containers: others } = await trashWorld(socket);
  return { containers: { ...containers, engines: others.engines } };
};

const containersOf = async (engine: RealEngine): Promise<string[]> =>
  ((await engine.call('GET', '/containers/json?all=1')) as { Id: string }[]).map(({ Id }) => Id);

async function removes(engine: RealEngine): Promise<void> {
  const world = await trashWorld(engine.socket);
  const before = await containersOf(engine);
  const planned = await world.item().plan(deadline());
  expect(planned).toMatchObject([{ action: 'remove', why: /^1 folder of other users; by a container of / }]);
  expect([await containersOf(engine), existsSync(world.blocked)]).toEqual([before, true]);
  const { outcome, notes } = await runItem(world.item());
  expect(notes).toEqual([]);
  expect(outcome).toMatchObject({ removed: 1, residue: [], finished: true, gone: [world.entry] });
  expect(readdirSync(world.entry)).toEqual([]);
  expect(await containersOf(engine)).toEqual(before);
}

/** An image with one file is smaller than that with busybox, so it comes first. */
async function noShell(engine: RealEngine): Promise<void> {
  const archive = execFileSync('tar', ['-C', import.meta.dirname, '-cf', '-', 'facts.ts']);
  await engine.call('POST', '/images/create?fromSrc=-&repo=empty&tag=latest', archive);
  const { outcome, steps } = await runItem((await trashWorld(engine.socket)).item());
  expect(steps[0]?.why).toMatch(/container of \S*empty:latest, or else by a container of \S*busybox:latest/);
  expect(outcome).toMatchObject({ removed: 1, finished: true });
  await engine.call('DELETE', '/images/empty');
}

async function busybox(engine: RealEngine) {
  const client = await openEngine(engine.socket, deadline());
  const { items } = await client.listImages(deadline());
  const image = items.find(({ tags }) => tags.some((tag) => tag.includes('busybox')))?.id ?? '';
  return { client, image };
}

async function otherFolder(engine: RealEngine): Promise<void> {
  const { client, image } = await busybox(engine);
  const { name, entry, blocked } = await trashWorld(engine.socket);
  const target = { name, path: entry, identity: '1:1', moves: ['1'], work: '/w' };
  expect(await runContainer(client, image, target, deadline())).toBe('another folder');
  expect(existsSync(join(blocked, 'file'))).toBe(true);
}

async function isolated(engine: RealEngine): Promise<void> {
  const { client, image } = await busybox(engine);
  const source = mkdtempSync(join(tmpdir(), 'seen-'));
  const copy = 'while read -r line; do echo "$line"; done < /proc/self/status > /seen/facts';
  const program = `${copy}; touch /written || touch /bin/sh || exit 7`;
  const container = {
    ...{ image, argv: ['sh', '-c', program], labels: {} },
    ...{ folder: { source, target: '/seen' }, capabilities: ['DAC_OVERRIDE', 'FOWNER'] },
  };
  const id = await client.createContainer(container, deadline());
  await client.startContainer(id, deadline());
  expect(await client.waitForContainer(id, deadline())).toBe(7);
  const limits = { NetworkMode: 'none', Memory: 2 ** 28, PidsLimit: 32, AutoRemove: false };
  expect(await engine.call('GET', `/containers/${id}/json`)).toMatchObject({ HostConfig: limits });
  expect(await client.removeContainer(id, deadline())).toBe('removed');
  const seen = readFileSync(join(source, 'facts'), 'utf8');
  for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
    expect(seen).toMatch(new RegExp(`^${set}:\\s*000000000000000a$`, 'm'));
  expect(seen).toMatch(/^Uid:\s*0\s+0\s+0\s+0$/m);
  expect(seen).toMatch(/^NoNewPrivs:\s*1$/m);
}

async function onlyTheEngine(
  engine: RealEngine,
  { world, precious }: { world: TrashWorld; precious: string },
): Promise<void> {
  // Were the mount there in the container, it would be refused.
  const { outcome } = await runItem(world.item({ containers: () => world.containers }));
  expect(outcome.removed).toBe(1);
  expect(readdirSync(precious)).toEqual(['file']);
  expect(await containersOf(engine)).toEqual([]);
}

async function killed(engine: RealEngine): Promise<void> {
  const world = await trashWorld(engine.socket);
  const of = (owner: string, work = world.work.path) => ({ [trashLabel]: work, [ownerLabel]: owner });
  const left = await engine.create('left', { labels: of(await endedOwner()) });
  const others = [
    await engine.create('of-a-running-clean-up', { labels: of(ownerName(ownerOf(process.pid))) }),
    await engine.create('of-another-runner', { labels: of(await endedOwner(), '/r2/_work') }),
  ];
  await engine.call('POST', `/containers/${left}/start`);
  await runItem(world.item());
  expect((await containersOf(engine)).sort()).toEqual(others.sort());
  for (const id of others) await engine.call('DELETE', `/containers/${id}?force=1`);
}
