import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownerName, ownerOf } from '@runner-actions/host';
import { type FakeEngineState, type SocketServer, startFakeEngine } from '@runner-actions/testing/engine';
import { ownerLabel, trashLabel } from '../../src/items/trash.ts';
import { id } from './facts.ts';
import { deadline, endedOwner, runItem, trashWorld } from './trash-world.ts';

const servers: SocketServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const image = (number: number) => ({
  ...{ Id: `sha256:${id(number)}`, RepoTags: [`image${number}:1`], Size: number, Os: 'linux' },
  ...{ Architecture: process.arch === 'x64' ? 'amd64' : process.arch, Config: { Cmd: ['sh'] } },
});

interface Request {
  Image: string;
  Entrypoint: string[];
  Cmd: string[];
  HostConfig: { Mounts: { Source: string; Target: string }[] };
}
const requestOf = (container: Record<string, unknown>) => container['request'] as Request;

/** Does what the container would do, but where its folder is on this machine. */
function runScript(container: Record<string, unknown>): number {
  const { Entrypoint, Cmd, HostConfig } = requestOf(container);
  const [{ Source, Target } = { Source: '', Target: '' }] = HostConfig.Mounts;
  const args = Cmd.map((argument) => (argument === Target ? Source : argument));
  return spawnSync(Entrypoint[0] ?? '', args).status ?? -1;
}

async function world(state: Partial<FakeEngineState> = {}, protect: readonly string[] = []) {
  const images = [1, 2, 3, 4, 5].map(image);
  const engine = await startFakeEngine({ machine: hostname(), images, run: runScript, ...state });
  servers.push(engine);
  return { engine, ...(await trashWorld(engine.socket, protect)) };
}

const changes = (calls: readonly string[]) => calls.filter((call) => !call.startsWith('GET'));
const created = (calls: readonly string[]) =>
  calls.filter((call) => call === 'POST /containers/create').length;

describe('the trash, by a container', () => {
  it('is emptied, and the container is removed', async () => {
    const { engine, item, entry, name, work } = await world();
    const seen: Request[] = [];
    engine.state.run = (container) => {
      seen.push(requestOf(container));
      return runScript(container);
    };
    const { outcome, notes } = await runItem(item());
    expect(outcome).toEqual({
      ...{
        removed: 1,
        freedBytes: 0,
        residue: [],
        finished: true,
        left: 0,
        gone: [join(work.path, '.trash', name)],
      },
    });
    expect([notes, existsSync(join(entry, '1'))]).toEqual([[], false]);
    expect(seen).toMatchObject([{ Image: `sha256:${id(1)}`, Entrypoint: ['sh'] }]);
    expect(engine.state.containers).toEqual([]);
  });

  it('is only planned by a dry run', async () => {
    const { engine, item, blocked } = await world();
    const why = /^1 folder of other users; by a container of image1:1, or else .*image2:1.*image3:1$/;
    expect(await item().plan(deadline())).toMatchObject([
      { action: 'remove', why: expect.stringMatching(why) },
    ]);
    expect([changes(engine.calls), existsSync(blocked)]).toEqual([[], true]);
  });

  it('tries three images, and tells what stays', async () => {
    const { engine, item, blocked } = await world({ run: () => 127 });
    const { outcome, notes } = await runItem(item());
    expect(outcome).toMatchObject({ removed: 0, residue: [], gone: [], finished: true });
    expect([created(engine.calls), engine.state.containers, existsSync(blocked)]).toEqual([3, [], true]);
    expect(notes).toEqual([expect.stringMatching(/^The trash contains 1 entry of earlier jobs/)]);
  });

  it('tries the next image if a container cannot start', async () => {
    const { engine, item } = await world();
    const first = 'c'.repeat(63);
    engine.state.refuse[`POST /containers/${first}1/start`] = 400;
    const { outcome } = await runItem(item());
    expect([outcome.removed, created(engine.calls), engine.state.containers]).toEqual([1, 2, []]);
  });

  it.each<[string, number, RegExp]>([
    ['sees another folder', 81, /does not see the trash of this machine/],
    ['sees something mounted', 82, /^The trash contains 1 entry/],
    ['could not remove everything', 1, /^The trash contains 1 entry/],
  ])('asks no other image of an engine that %s', async (_what, code, note) => {
    const { engine, item } = await world({ run: () => code });
    const { notes } = await runItem(item());
    expect([created(engine.calls), engine.state.containers]).toEqual([1, []]);
    expect(notes[0]).toMatch(note);
  });

  it('stays within the time, and removes a container that does not end', async () => {
    const { engine, item } = await world({ run: () => 'never' });
    const steps = await item().plan(deadline());
    const limit = deadline(3_500);
    await item().execute(steps, limit);
    expect([created(engine.calls), engine.state.containers]).toEqual([1, []]);
    expect(limit.remaining()).toBeGreaterThan(0);
  });

  it('gives up an engine that stops answering', async () => {
    const { engine, item } = await world({ refuse: { 'POST /containers/create': 'never' } });
    const steps = await item().plan(deadline());
    const executed = item();
    const outcome = await executed.execute(steps, deadline(3_500));
    expect([outcome.removed, created(engine.calls)]).toEqual([0, 1]);
    expect(executed.notes?.(outcome)[0]).toMatch(/does not help to empty the trash: it did not answer/);
  });
});

it('gives up an engine whose answers are not valid', async () => {
  const { engine, item } = await world({ refuse: { 'POST /containers/create': 204 } });
  const { notes } = await runItem(item());
  expect(created(engine.calls)).toBe(1);
  expect(notes[0]).toMatch(/does not help to empty the trash: its answer does not name the new container/);
});

describe('the trash stays as it is', () => {
  it.each<[string, Parameters<typeof world>, object]>([
    ['if the engine is that of another machine', [{ machine: 'elsewhere' }], {}],
    ['if no image is there', [{ images: [] }], {}],
    ['if this user needs no help, or no other can', [], { needsHelp: false }],
  ])('%s', async (_what, given, more) => {
    const { engine, item } = await world(...given);
    const { steps } = await runItem(item(more));
    expect([steps.map(({ action }) => action), changes(engine.calls)]).toEqual([['keep'], []]);
  });

  it('and the user learns why an engine is not used', async () => {
    const { item, containers } = await world();
    const engines = () => Promise.resolve({ engines: [], problems: ['It is not used.'] });
    const { notes } = await runItem(item({ containers: () => ({ ...containers, engines }) }));
    expect(notes).toEqual(['It is not used.', expect.stringMatching(/^The trash contains 1 entry/)]);
  });

  it('in a job container', async () => {
    const { engine, item, containers } = await world();
    await runItem(item({ containers: () => ({ ...containers, inside: true }), sudo: true }));
    expect(engine.calls).toEqual([]);
  });

  it.each([
    ['app/app/build/closed', ['keep']],
    ['app', ['keep']],
    ['.trash', ['keep']],
    ['app/app/other', ['remove']],
  ])('if the policy protects something in it, such as %s', async (path, actions) => {
    const { item, engine } = await world({}, [path]);
    const { steps } = await runItem(item());
    expect(steps.map(({ action }) => action)).toEqual(actions);
    expect(created(engine.calls)).toBe(actions[0] === 'keep' ? 0 : 1);
  });

  it('if somebody has replaced the folder since the plan', async () => {
    const { engine, item, entry, work } = await world();
    const planned = item();
    const steps = await planned.plan(deadline());
    renameSync(entry, join(work.path, 'elsewhere'));
    cpSync(join(work.path, 'elsewhere'), entry, { recursive: true });
    await planned.execute(steps, deadline());
    expect(changes(engine.calls)).toEqual([]);
    expect(existsSync(join(entry, '1/app/app/build/file'))).toBe(true);
  });

  it('if something is mounted in it', async (context) => {
    const { engine, item, blocked, work } = await world();
    if (spawnSync('mount', ['--bind', work.path, join(blocked, 'closed')]).status !== 0)
      context.skip('the machine allows no mounts');
    const { steps } = await runItem(item());
    spawnSync('umount', [join(blocked, 'closed')]);
    expect(steps).toMatchObject([{ action: 'keep', why: 'another file system is mounted in it' }]);
    expect(changes(engine.calls)).toEqual([]);
  });

  it('if its clean-up is running', async () => {
    const { engine, item, entry } = await world();
    const parent = `${ownerName(ownerOf(process.ppid))}_0b6a1c9e`;
    renameSync(entry, join(entry, '..', parent));
    expect((await runItem(item())).steps).toEqual([]);
    expect(engine.calls).toEqual([]);
  });
});

it('removes a container that a killed clean-up of this work folder left, and no other', async () => {
  const { engine, item, work } = await world();
  const container = (number: number, owner: string, folder = work.path) => ({
    ...{ Id: id(number), Image: 'x', Name: '/c', Mounts: [] },
    Config: { Labels: { [trashLabel]: folder, [ownerLabel]: owner } },
  });
  engine.state.containers = [
    container(1, await endedOwner()),
    container(2, ownerName(ownerOf(process.pid))),
    container(3, await endedOwner(), '/r2/_work'),
  ];
  const { steps } = await runItem(item());
  expect(steps.map(({ action, what }) => `${action} ${what.slice(0, 9)}`)).toContain('remove container');
  expect(engine.state.containers.map(({ Id }) => Id)).toEqual([id(2), id(3)]);
});

/** Puts a program first in PATH that runs the rest of its arguments as this user, as far as `sudo` would. */
function standIn(code = ''): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sudo-'));
  const calls = join(folder, 'calls');
  const program = `#!/bin/sh\necho "$1 $2 $3" >> ${calls}\n${code}\nshift 2\nexec "$@"\n`;
  writeFileSync(join(folder, 'sudo'), program, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  return () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);
}

describe('the trash, by sudo', () => {
  it('is emptied only where no container did it', async () => {
    const calls = standIn();
    const { item } = await world();
    expect((await runItem(item({ sudo: true }))).outcome.removed).toBe(1);
    expect(calls()).toEqual([]);
    const { item: other, entry } = await world({ run: () => 127 });
    expect((await runItem(other({ sudo: true }))).outcome.removed).toBe(1);
    expect([calls(), existsSync(join(entry, '1'))]).toEqual([['-n -- /usr/bin/timeout'], false]);
  });

  it('stays without the permission of the policy', async () => {
    const calls = standIn();
    const { item, blocked } = await world({ images: [] });
    await runItem(item());
    expect([calls(), existsSync(blocked)]).toEqual([[], true]);
  });

  it.each(['exit 1', 'kill -9 $$'])('stays if sudo ends with: %s', async (code) => {
    const calls = standIn(code);
    const { item, blocked } = await world({ images: [] });
    const { outcome } = await runItem(item({ sudo: true }));
    expect(outcome).toMatchObject({ removed: 0, residue: [], finished: true });
    expect([calls().length, existsSync(blocked)]).toEqual([1, true]);
  });
});
