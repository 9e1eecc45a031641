import { afterEach, describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { findEngines, ownerName, ownerOf } from '@runner-actions/host';
import { type FakeEngineState, type SocketServer, startFakeEngine } from '@runner-actions/testing/engine';
import type { ContainerSources } from '../../src/items/container-sources.ts';
import { containersItem } from '../../src/items/containers-io.ts';
import { volumeNotes } from '../../src/items/left-volumes.ts';
import { ownerLabel, trashLabel } from '../../src/items/trash.ts';
import { began, bind, facts, id, volume } from './facts.ts';
import { endedOwner } from './trash-world.ts';

const servers: SocketServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(state: Partial<FakeEngineState>) {
  const engine = await startFakeEngine(state);
  servers.push(engine);
  const engines: ContainerSources['engines'] = (deadline) =>
    findEngines({ DOCKER_HOST: `unix://${engine.socket}` }, deadline);
  return { ...engine, engines };
}

const iso = (time: number): string => new Date(time).toISOString();
const inWorkspace = bind('/r1/_work/app/app');
const described = (number: number, mounts: object[], more: object = {}) => ({
  ...{ Id: id(number), Image: `sha256:${id(1)}`, Name: `/c${number}`, Created: iso(began + 5_000) },
  ...{ Mounts: mounts, Config: { Labels: {}, Volumes: { '/data': {} } }, HostConfig: {}, ...more },
});
const asMount = ({ type, name, source }: ReturnType<typeof bind>) => ({
  Type: type,
  Name: name,
  Source: source,
  Destination: '/data',
});
const owned = (number: number, more: object = {}) => described(number, [asMount(inWorkspace)], more);
const sources = (
  engines: ContainerSources['engines'],
  more: Partial<ContainerSources> = {},
): ContainerSources => ({
  ...{ engines, facts, isOwn: () => false, inside: false, machine: 'here', resolve: (path) => path },
  ...{ notes: volumeNotes(undefined), ...more },
});
const changes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith('GET'));
const deadline = () => startDeadline(60_000);

describe('containers', () => {
  it('are stopped and removed with their volumes and networks; those of others are untouched', async () => {
    const anonymous = 'e'.repeat(64);
    const networks = { NetworkSettings: { Networks: { n: { NetworkID: id(50) } } } };
    const { engines, calls, state } = await start({
      containers: [
        described(1, [asMount(inWorkspace), asMount(volume(anonymous))], networks),
        described(2, [asMount(bind('/r2/_work/app/app'))]),
        owned(3, { HostConfig: { RestartPolicy: { Name: 'always' } } }),
      ],
      networks: [{ Id: id(50), Name: 'n', Created: iso(began + 4_000), Driver: 'bridge', Scope: 'local' }],
      volumes: ['f'.repeat(64), anonymous, 'data'].map((Name) => ({ Name, CreatedAt: iso(began + 5_000) })),
    });
    const item = containersItem(sources(engines));
    const steps = await item.plan(deadline());
    expect(changes(calls)).toEqual([]);
    expect(steps.map(({ action, kind, what }) => `${action} ${kind} ${what}`)).toEqual([
      "remove container 'c1' 000000000000",
      "keep container 'c3' 000000000000",
      'keep container 1 more',
      "remove network 'n' 000000000000",
    ]);
    const outcome = await item.execute(JSON.parse(JSON.stringify(steps)) as typeof steps, deadline());
    expect(outcome).toEqual({ removed: 3, freedBytes: 0, residue: [], finished: true });
    expect(changes(calls)).toEqual([
      `POST /containers/${id(1)}/stop?t=10`,
      `DELETE /containers/${id(1)}?v=1&force=1`,
      `DELETE /volumes/${anonymous}`,
      `DELETE /networks/${id(50)}`,
    ]);
    expect(state.containers).toHaveLength(2);
  });

  it('that a killed clean-up started to empty the trash are removed', async () => {
    const labels = (owner: string) => ({
      Config: { Labels: { [trashLabel]: facts.work, [ownerLabel]: owner } },
    });
    const running = ownerName(ownerOf(process.pid));
    const { engines } = await start({
      containers: [described(1, [], labels(await endedOwner())), described(2, [], labels(running))],
    });
    const steps = await containersItem(sources(engines)).plan(deadline());
    expect(steps.map(({ action, what }) => `${action} ${what}`)).toEqual([
      "remove 'c1' 000000000000",
      'keep 1 more',
    ]);
    const elsewhere = containersItem(sources(engines, { machine: 'elsewhere' }));
    expect((await elsewhere.plan(deadline())).map(({ action }) => action)).toEqual(['keep', 'keep']);
  });

  it('that are this process itself stay', async () => {
    const { engines } = await start({ containers: [owned(1)] });
    const steps = await containersItem(sources(engines, { isOwn: () => true })).plan(deadline());
    expect(steps.map(({ action, what }) => `${action} ${what}`)).toEqual(['keep 1 more']);
  });

  it('of an engine elsewhere stay, and the plan says why', async () => {
    const { engines } = await start({ containers: [owned(1)], machine: 'elsewhere' });
    const [first, second] = await containersItem(sources(engines)).plan(deadline());
    expect([first?.action, first?.what]).toEqual(['keep', '1 more']);
    expect(second?.why).toContain('it runs elsewhere');
  });

  it('in a job container stay, and the plan says why', async () => {
    const { engines, calls } = await start({ containers: [owned(1)] });
    const inContainer = sources(engines, { inside: true, facts: { ...facts, label: undefined } });
    const steps = await containersItem(inContainer).plan(deadline());
    expect(steps.map(({ action, why }) => `${action}: ${why}`)).toEqual([
      'keep: it runs elsewhere, and the label of the runner is unknown',
    ]);
    expect(calls.filter((call) => call.startsWith('GET /containers'))).toEqual([]);
  });

  it('that have changed since the plan stay', async () => {
    const { engines, calls, state } = await start({ containers: [owned(1), owned(2)] });
    const item = containersItem(sources(engines));
    const steps = await item.plan(deadline());
    state.containers = [owned(1, { Created: iso(began + 9_000) })];
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 0, residue: [] });
    expect(changes(calls)).toEqual([]);
  });

  it('had networks that stay if they are used or others since the plan', async () => {
    const network = (number: number) => ({
      ...{
        Id: id(number),
        Name: `n${number}`,
        Created: iso(began + 4_000),
        Driver: 'bridge',
        Scope: 'local',
      },
    });
    const names = Object.fromEntries([50, 51].map((number) => [`n${number}`, { NetworkID: id(number) }]));
    const { engines, calls, state } = await start({
      containers: [owned(1, { NetworkSettings: { Networks: names } })],
      networks: [network(50), network(51)],
    });
    const item = containersItem(sources(engines));
    const steps = await item.plan(deadline());
    state.networks = [
      { ...network(50), Created: iso(began + 9_000) },
      { ...network(51), Containers: { x: {} } },
    ];
    const residue = [{ path: "network 'n51' 000000000000", reason: 'a container uses it' }];
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 1, residue });
    expect(changes(calls).filter((call) => call.includes('networks'))).toEqual([]);
  });

  it('had volumes that stay if they are older than the job', async () => {
    const name = 'e'.repeat(64);
    const { engines, calls } = await start({
      containers: [described(1, [asMount(inWorkspace), asMount(volume(name))])],
      volumes: [{ Name: name, CreatedAt: iso(began - 5_000) }],
    });
    const item = containersItem(sources(engines));
    expect(await item.execute(await item.plan(deadline()), deadline())).toMatchObject({
      removed: 1,
      residue: [],
    });
    expect(changes(calls).filter((call) => call.includes('volumes'))).toEqual([]);
  });

  it('that end by themselves when they are stopped count as removed', async () => {
    const { engines, calls } = await start({ containers: [owned(1, { HostConfig: { AutoRemove: true } })] });
    const item = containersItem(sources(engines));
    expect(await item.execute(await item.plan(deadline()), deadline())).toMatchObject({
      removed: 1,
      residue: [],
    });
    expect(changes(calls)).toHaveLength(2);
  });

  it('that the engine does not remove are residue with its reason, and the others are removed', async () => {
    const { engines } = await start({
      containers: [owned(1), owned(2)],
      refuse: { [`DELETE /containers/${id(1)}`]: 500, [`POST /containers/${id(2)}/stop`]: 500 },
    });
    const item = containersItem(sources(engines));
    const outcome = await item.execute(await item.plan(deadline()), deadline());
    const reason = "it answered with the status 500: 'refused with 500'";
    expect(outcome).toMatchObject({ removed: 1, residue: [{ path: "container 'c1' 000000000000", reason }] });
  });

  it('are left for the next run when the time is over', async () => {
    const { engines, calls } = await start({ containers: [owned(1)] });
    const item = containersItem(sources(engines));
    const steps = await item.plan(deadline());
    const found = await engines(deadline());
    const late = containersItem(sources(() => Promise.resolve(found)));
    expect(await late.execute(steps, startDeadline(0))).toMatchObject({ removed: 0, finished: false });
    expect(changes(calls)).toEqual([]);
  });

  it('that cannot be inspected stay, and so do all networks', async () => {
    const { engines, state } = await start({
      containers: [owned(1), owned(2, { Mounts: 'x' })],
      networks: [{ Id: id(50), Name: 'n', Created: iso(began + 4_000), Driver: 'bridge', Scope: 'local' }],
    });
    state.containers.forEach(
      (each) => (each['NetworkSettings'] = { Networks: { n: { NetworkID: id(50) } } }),
    );
    const steps = await containersItem(sources(engines)).plan(deadline());
    expect(steps.filter(({ action }) => action === 'remove').map(({ id: its }) => its)).toEqual([id(1)]);
    expect(steps.at(-1)?.why).toContain('networks and volumes stay');
  });

  it('of an engine that stops answering stay', async () => {
    const never = { [`GET /containers/${id(1)}/json`]: 'never' } as const;
    const { engines, calls } = await start({ containers: [owned(1), owned(2)], refuse: never });
    const steps = await containersItem(sources(engines)).plan(startDeadline(300));
    expect(steps.map(({ action }) => action)).toEqual(['keep']);
    expect(steps[0]?.why).toContain('it did not answer within');
    expect(calls.at(-1)).toBe(`GET /containers/${id(1)}/json`);
  });

  it.each<[string, string]>([
    ['Docker over TCP', 'tcp://127.0.0.1:2375'],
    ['a socket that is no engine', `unix://${import.meta.filename}`],
  ])('of %s give one line and no failure', async (_what, host) => {
    const item = containersItem(sources((limit) => findEngines({ DOCKER_HOST: host }, limit)));
    const steps = await item.plan(deadline());
    expect(await item.execute(steps, deadline())).toMatchObject({ removed: 0, finished: true });
    expect(steps.every(({ action }) => action === 'keep')).toBe(true);
  });
});
