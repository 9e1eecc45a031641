import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { findEngines, localPathOf, openEngine, ownContainer } from '@runner-actions/host';
import {
  type CreateOptions,
  engineMissing,
  type RealEngine,
  startRealEngine,
} from '@runner-actions/testing/real-engine';
import { buildCacheItem } from '../../src/items/build-cache-io.ts';
import type { ContainerSources } from '../../src/items/container-sources.ts';
import type { ContainerFacts } from '../../src/items/containers.ts';
import { containersItem } from '../../src/items/containers-io.ts';
import { volumeNotes } from '../../src/items/left-volumes.ts';
import { imagesItem } from '../../src/items/images-io.ts';
import { compose, facts } from './facts.ts';

const deadline = () => startDeadline(120_000);
const day = 86_400_000;

describe.each(['docker', 'podman'] as const)('%s', (kind) => {
  const missing = engineMissing(kind);
  if (missing !== undefined) {
    it('is not tested', (context) => context.skip(missing));
    return;
  }
  let engine: RealEngine;
  beforeAll(async () => {
    engine = await startRealEngine(kind);
  });
  afterAll(() => engine.close());

  it('removes the containers of the job gracefully, and leaves those of others', (context) =>
    gracefully(engine, context));
  it('removes containers that were never started, with their network', () => neverStarted(engine));
  it('removes a container that removes itself when it stops', (context) => removesItself(engine, context));
  it('removes what an earlier job of the runner left', () => leftByEarlierJob(engine));
  it('removes the volumes that service containers of an earlier job left, and no others', () =>
    leftVolumes(engine, kind));
  // Podman removes such a volume with the container.
  it.runIf(kind === 'docker')('leaves a volume of somebody else that a container of the job mounts', () =>
    volumesOfOthers(engine),
  );
  it('removes images that no container uses', () => unusedImages(engine, kind));
  it('never takes its own container for one of the job', (context) => findsItself(engine, context));
  it('finds no build cache', () => noBuildCache(engine, kind));
});

const connect =
  ({ socket }: RealEngine): ContainerSources['engines'] =>
  (limit) =>
    findEngines({ DOCKER_HOST: `unix://${socket}` }, limit);

/** Two runners with a folder of a repository each. The job of the first one began just now. */
function machine(engine: RealEngine, more: Partial<ContainerFacts> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')));
  const workspace = join(root, 'r1/_work/app/app');
  const neighbour = join(root, 'r2/_work/app/app');
  for (const folder of [workspace, neighbour]) mkdirSync(folder, { recursive: true });
  const sources: ContainerSources = {
    engines: connect(engine),
    facts: {
      ...{ ...facts, workspace, work: join(root, 'r1/_work'), temp: join(root, 'r1/_work/_temp') },
      ...{ otherFolders: [join(root, 'r2')], began: Date.now() - 1000, ...more },
    },
    ...{ isOwn: () => false, inside: false, machine: hostname(), resolve: (path) => localPathOf(path, root) },
    notes: volumeNotes(root),
  };
  return { workspace, neighbour, item: containersItem(sources) };
}

async function exists(engine: RealEngine, id: string): Promise<boolean> {
  return (await engine.call('GET', `/containers/${id}/json`)) !== undefined;
}

async function volumesOf(engine: RealEngine): Promise<string[]> {
  const { Volumes } = (await engine.call('GET', '/volumes')) as { Volumes: { Name: string }[] };
  return Volumes.map(({ Name }) => Name);
}

async function gracefully(engine: RealEngine, context: TestContext): Promise<void> {
  if (engine.cannotRun !== undefined) context.skip(engine.cannotRun);
  const { workspace, neighbour, item } = machine(engine);
  const waiting = 'while :; do sleep 0.1; done';
  const own = await engine.create('own', {
    script: `trap 'echo bye > /w/bye; exit' TERM; touch /w/ready; ${waiting}`,
    volumes: [`${workspace}:/w`, '/anonymous', 'kept:/named'],
  });
  const others = [
    await engine.create('neighbour', { volumes: [`${neighbour}:/w`, '/anonymous'] }),
    await engine.create('shared', { volumes: [`${workspace}:/w`, `${neighbour}:/n`] }),
    await engine.create('deployed', { volumes: [`${workspace}:/w`], restart: 'always' }),
    await engine.create('database'),
  ];
  for (const id of [own, ...others]) await engine.call('POST', `/containers/${id}/start`);
  await expect.poll(() => existsSync(join(workspace, 'ready'))).toBe(true);
  const before = await volumesOf(engine);
  const steps = await item.plan(deadline());
  expect(steps.filter(({ action }) => action === 'remove').map(({ id }) => id)).toEqual([own]);
  expect(steps.find(({ what }) => what.startsWith("'deployed'"))?.why).toContain("'always'");
  expect(await item.execute(steps, deadline())).toMatchObject({ residue: [], finished: true });
  expect(existsSync(join(workspace, 'bye'))).toBe(true);
  expect(await exists(engine, own)).toBe(false);
  for (const id of others)
    expect(await engine.call('GET', `/containers/${id}/json`)).toMatchObject({ State: { Running: true } });
  const after = await volumesOf(engine);
  expect(after).toContain('kept');
  expect([before.length, after.length]).toEqual([3, 2]);
  expect(await item.plan(deadline())).not.toContainEqual(expect.objectContaining({ action: 'remove' }));
  for (const id of others) await engine.call('DELETE', `/containers/${id}?force=1&v=1`);
}

async function neverStarted(engine: RealEngine): Promise<void> {
  const { workspace, item } = machine(engine);
  const networks = [];
  for (const Name of ['app_default', 'unrelated'])
    networks.push(
      (await engine.call('POST', '/networks/create', { Name, Driver: 'bridge' })) as { Id: string },
    );
  const labels = compose(workspace);
  const own = await engine.create('own', { labels, network: 'app_default', volumes: ['/anonymous'] });
  const other = await engine.create('other', { labels: compose('/srv/app', 'other'), network: 'unrelated' });
  const before = (await volumesOf(engine)).length;
  const steps = await item.plan(deadline());
  expect(steps.filter(({ action }) => action === 'remove').map(({ id }) => id)).toEqual([
    own,
    networks[0]?.Id,
  ]);
  expect(await item.execute(steps, deadline())).toMatchObject({ removed: 2, residue: [], finished: true });
  expect(await exists(engine, other)).toBe(true);
  expect((await volumesOf(engine)).length).toBe(before - 1);
  const left = (await engine.call('GET', '/networks')) as { Name: string }[];
  expect(left.map(({ Name }) => Name)).toContain('unrelated');
  expect(left.map(({ Name }) => Name)).not.toContain('app_default');
  await engine.call('DELETE', `/containers/${other}`);
  await engine.call('DELETE', '/networks/unrelated');
}

async function removesItself(engine: RealEngine, context: TestContext): Promise<void> {
  if (engine.cannotRun !== undefined) context.skip(engine.cannotRun);
  const { workspace, item } = machine(engine);
  const script = "trap 'exit' TERM; while :; do sleep 0.1; done";
  const own = await engine.create('own', {
    script,
    volumes: [`${workspace}:/w`, '/anonymous'],
    autoRemove: true,
  });
  await engine.call('POST', `/containers/${own}/start`);
  const before = (await volumesOf(engine)).length;
  expect(await item.execute(await item.plan(deadline()), deadline())).toMatchObject({
    removed: 1,
    residue: [],
  });
  expect(await exists(engine, own)).toBe(false);
  expect((await volumesOf(engine)).length).toBe(before - 1);
}

/** A container copies what it sees of itself, in each kind of network that needs no device. */
async function findsItself(engine: RealEngine, context: TestContext): Promise<void> {
  if (engine.cannotRun !== undefined) context.skip(engine.cannotRun);
  for (const network of ['none', 'host']) {
    const root = mkdtempSync(join(tmpdir(), 'kernel-'));
    mkdirSync(join(root, 'proc/self'), { recursive: true });
    const copy = (name: string) => `while read -r line; do echo "$line"; done < ${name} > /w${name}`;
    const script = `${copy('/proc/self/mountinfo')}; ${copy('/proc/self/cgroup')}; touch /w/ready; sleep 100`;
    const id = await engine.create(`inside-${network}`, { network, script, volumes: [`${root}:/w`] });
    await engine.call('POST', `/containers/${id}/start`);
    await expect.poll(() => existsSync(join(root, 'ready'))).toBe(true);
    const own = ownContainer({ root, platform: 'linux' }, 'a-name-of-its-own');
    expect([own.inside, own.isOwn(id), own.isOwn('f'.repeat(64))]).toEqual([true, true, false]);
    await engine.call('DELETE', `/containers/${id}?force=1`);
  }
}

/** The engine gives the time of creation, so the job begins in the future. */
async function leftByEarlierJob(engine: RealEngine): Promise<void> {
  const { item } = machine(engine, { began: Date.now() + 120_000 });
  const Labels = { abc123: '' };
  const network = (await engine.call('POST', '/networks/create', { Name: 'github_network_1', Labels })) as {
    Id: string;
  };
  const service = await engine.create('service', { labels: Labels, network: 'github_network_1' });
  const other = await engine.create('other', { labels: { def456: '' } });
  const steps = await item.plan(deadline());
  expect(steps.filter(({ action }) => action === 'remove').map(({ id }) => id)).toEqual([
    service,
    network.Id,
  ]);
  expect(await item.execute(steps, deadline())).toMatchObject({ removed: 2, residue: [] });
  expect(await exists(engine, other)).toBe(true);
  await engine.call('DELETE', `/containers/${other}`);
}

/** The runner removes its containers after the job, but leaves their volumes. */
async function leftVolumes(engine: RealEngine, kind: string): Promise<void> {
  const anonymous = async (name: string, volumes: readonly string[], more: CreateOptions = {}) => {
    const before = await volumesOf(engine);
    const id = await engine.create(name, { volumes, ...more });
    return { id, made: (await volumesOf(engine)).filter((volume) => !before.includes(volume)) };
  };
  const remove = (id: string) => engine.call('DELETE', `/containers/${id}`);
  const database = await anonymous('database', ['/data']);
  await remove(database.id);
  const { item } = machine(engine);
  const [network, labels] = ['github_network_2', { abc123: '' }];
  await engine.call('POST', '/networks/create', { Name: network });
  // The workflow of a service may also name a volume of somebody else.
  const mounts = ['/data', `${database.made[0]}:/theirs`, 'named:/named'];
  const service = await anonymous('service', mounts, { labels, network });
  expect(await item.execute(await item.plan(deadline()), deadline())).toMatchObject({ removed: 0 });
  await remove(service.id);
  const [own] = service.made.filter((name) => name !== 'named');
  const steps = (await item.plan(deadline())).filter((step) => step.kind === 'volume');
  // Podman does not tell a volume without a name from a named one.
  const expected = kind === 'docker' ? [own] : [];
  expect(steps.map(({ id }) => id)).toEqual(expected);
  expect(await item.execute(steps, deadline())).toMatchObject({ removed: expected.length, residue: [] });
  const left = await volumesOf(engine);
  expect(left).toEqual(expect.arrayContaining([...database.made, 'named']));
  expect(left.includes(own ?? '')).toBe(kind !== 'docker');
  expect((await item.plan(deadline())).filter((step) => step.kind === 'volume')).toEqual([]);
  await engine.call('DELETE', `/networks/${network}`);
}

/** A container of a step may mount a volume without a name that belongs to somebody else. */
async function volumesOfOthers(engine: RealEngine): Promise<void> {
  await engine.call('DELETE', `/containers/${await engine.create('database', { volumes: ['/data'] })}`);
  const before = await volumesOf(engine);
  const { workspace, item } = machine(engine);
  const theirs = before.filter((name) => name.length === 64).map((name, index) => `${name}:/theirs${index}`);
  await engine.create('step', { volumes: [`${workspace}:/w`, ...theirs, '/own'] });
  expect(theirs.length).toBeGreaterThan(0);
  const outcome = await item.execute(await item.plan(deadline()), deadline());
  expect(outcome).toMatchObject({ removed: 1, residue: [] });
  expect((await volumesOf(engine)).sort()).toEqual(before.sort());
}

async function unusedImages(engine: RealEngine, kind: string): Promise<void> {
  // Podman does not know when an image with a name was pulled, so it stays.
  const [count, names] = kind === 'podman' ? [1, ['unused', 'unnamed']] : [3, []];
  const using = await engine.create('using');
  for (const [name, note] of [
    ['unnamed', 'first'],
    ['unnamed', 'second'],
    ['unused', 'third'],
  ] as const)
    await engine.importImage(name, note);
  const list = async () =>
    (await engine.call('GET', '/images/json')) as { Id: string; RepoTags: string[] | null }[];
  const inMonths = { now: Date.now() + 30 * day, began: undefined, alone: undefined, maxAge: 14 * day };
  const item = imagesItem({ engines: connect(engine), facts: inMonths, enough: async () => false });
  expect(await list()).toHaveLength(4);
  const steps = await item.plan(deadline());
  const removals = steps.filter(({ action }) => action === 'remove');
  expect(removals[0]?.why).toContain('no name');
  expect(removals).toHaveLength(count);
  const now = imagesItem({
    engines: connect(engine),
    facts: { ...inMonths, now: Date.now() },
    enough: async () => false,
  });
  expect((await now.plan(deadline())).map(({ action }) => action)).toEqual(['keep']);
  expect(await item.execute(steps, deadline())).toMatchObject({ removed: count, residue: [] });
  const left = (await list()).flatMap(({ RepoTags }) => RepoTags ?? []).sort();
  expect(left).toHaveLength(1 + names.length);
  for (const name of ['busybox', ...names]) expect(left.join()).toContain(`${name}:latest`);
  // The engine itself refuses an image that a container uses, even one that is not running.
  const [used] = await list();
  const client = await openEngine(engine.socket, deadline());
  await expect(client.removeImage(used?.Id ?? '', deadline())).rejects.toMatchObject({ status: 409 });
  await engine.call('DELETE', `/containers/${using}`);
}

async function noBuildCache(engine: RealEngine, kind: string): Promise<void> {
  const item = buildCacheItem({ engines: connect(engine), maxAge: 14 * day, enough: async () => false });
  expect(await item.plan(deadline())).toEqual([]);
  const client = await openEngine(engine.socket, deadline());
  for (const options of [{ unusedFor: 14 * day }, { keepBytes: 1000 }])
    expect(await client.pruneBuildCache(options, deadline())).toBe(kind === 'docker' ? 0 : undefined);
}
