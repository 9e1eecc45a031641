import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveSocket, type SocketServer, startFakeEngine } from '@runner-actions/testing/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { checkKind, jobWith } from './check-kind.ts';

const servers: Pick<SocketServer, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function fakeEngine(given: Parameters<typeof startFakeEngine>[0] = {}) {
  const engine = await startFakeEngine(given);
  servers.push(engine);
  return engine;
}

const newHome = () => mkdtempSync(join(tmpdir(), 'home-'));
const at = (socket: string, more: Record<string, string> = {}) => ({
  ...{ DOCKER_HOST: `unix://${socket}`, CONTAINER_HOST: `unix://${socket}`, HOME: newHome() },
  ...more,
});

const architecture = { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch;
const image = (name: string, bytes: number, more = {}) => ({
  ...{
    Id: `sha256:${createHash('sha256').update(name).digest('hex')}`,
    RepoTags: [`${name}:latest`],
    Size: bytes,
  },
  ...{ Os: 'linux', Architecture: architecture, Config: { Cmd: [`/${name}`] }, ...more },
});

describe('docker', () => {
  it.each([
    [{}, 'pass', 'docker 24.0.7, API 1.41'],
    [{ version: '>=24', api: '>=1.41' }, 'pass', 'docker 24.0.7, API 1.41'],
    [{ version: '>=25' }, 'fail', 'docker 24.0.7'],
    [{ api: '>=1.44' }, 'fail', 'API 1.41'],
    [{ rootless: true }, 'fail', 'not rootless'],
    [{ rootless: false }, 'pass', 'docker 24.0.7, API 1.41'],
    [{ buildx: '>=0.12' }, 'fail', 'no plugin buildx'],
  ])('checks %j: %s', async (spec, status, found) => {
    const { socket } = await fakeEngine();
    expect(await checkKind('docker', spec, at(socket))).toMatchObject({ status, found });
  });

  it('tells a rootless engine', async () => {
    const { socket } = await fakeEngine({
      info: { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] },
    });
    expect(await checkKind('docker', { rootless: true }, at(socket))).toMatchObject({
      status: 'pass',
      found: 'docker 24.0.7, API 1.41, rootless',
    });
  });

  it('does not compare the version of podman with a range for Docker', async () => {
    const version = { Version: '4.3.1', ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] };
    const { socket } = await fakeEngine({ version });
    expect(await checkKind('docker', { version: '>=4' }, at(socket))).toMatchObject({
      status: 'fail',
      found: 'podman 4.3.1 answers there',
    });
    expect(await checkKind('docker', { api: '>=1.40' }, at(socket))).toMatchObject({ status: 'pass' });
    expect(await checkKind('podman', { version: '>=4 <5' }, at(socket))).toMatchObject({ status: 'pass' });
    const docker = await fakeEngine();
    expect(await checkKind('podman', {}, at(docker.socket))).toMatchObject({ status: 'fail' });
  });

  it('tells no socket, a daemon that does not run, and what is no engine apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'e-'));
    const missing = join(folder, 'none');
    const noSocket = await checkKind('docker', {}, at(missing));
    expect(noSocket).toMatchObject({ status: 'fail', found: `no socket at ${missing} (DOCKER_HOST)` });
    writeFileSync(join(folder, 'file'), '');
    const refused = await checkKind('docker', {}, at(join(folder, 'file')));
    expect(refused).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('the daemon is not running'),
    });
    const other = await serveSocket((_request, response) => response.writeHead(404).end());
    servers.push(other);
    const noEngine = await checkKind('docker', {}, at(other.socket));
    expect(noEngine).toMatchObject({
      status: 'error',
      found: expect.stringContaining('no container engine'),
    });
  });

  it('waits for an engine that comes late, and not for what cannot change', async () => {
    let asked = 0;
    const late = await serveSocket((_request, response, call) => {
      asked += 1;
      const body = call === 'GET /version' ? '{"Version":"1","ApiVersion":"1.41"}' : '{}';
      response.writeHead(asked < 3 ? 503 : 200, { 'api-version': '1.41' }).end(body);
    });
    servers.push(late);
    expect(await checkKind('docker', {}, at(late.socket))).toMatchObject({ status: 'error' });
    expect(await checkKind('docker', { wait: '30s' }, at(late.socket))).toMatchObject({
      status: 'pass',
      found: 'docker 1, API 1.41',
    });
    const { socket: old } = await fakeEngine();
    expect(await checkKind('docker', { api: '>=2', wait: '30s' }, at(old))).toMatchObject({ status: 'fail' });
  });

  it('ends the wait after its time', async () => {
    const finding = await checkKind('docker', { wait: '1s' }, at('/no/such/socket'));
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringContaining('after 1 s') });
  });

  it('says that an engine behind TCP is not asked', async () => {
    expect(await checkKind('docker', {}, { DOCKER_HOST: 'tcp://127.0.0.1:2376' })).toMatchObject({
      status: 'error',
      found: "DOCKER_HOST names an engine by 'tcp', which is not asked",
    });
  });
});

describe('contexts of docker', () => {
  /** Writes what `docker context create` writes. Source: docker/cli, its context store. */
  function homeWith(contexts: Record<string, string>, current?: string): string {
    const home = newHome();
    for (const [name, host] of Object.entries(contexts)) {
      const id = createHash('sha256').update(name).digest('hex');
      const path = join(home, '.docker/contexts/meta', id, 'meta.json');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
    }
    if (current !== undefined)
      writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: current }));
    return home;
  }

  it('are chosen by the requirement, by DOCKER_HOST, by DOCKER_CONTEXT, and by the configuration', async () => {
    const engines = await Promise.all(
      ['1.0', '2.0', '3.0'].map((Version) => fakeEngine({ version: { Version, ApiVersion: '1.41' } })),
    );
    const [one = '', two = '', three = ''] = engines.map(({ socket }) => `unix://${socket}`);
    const HOME = homeWith({ one, two }, 'one');
    const version = async (environment: Record<string, string>, spec = {}) =>
      (await checkKind('docker', spec, { HOME, ...environment })).found;
    expect(await version({})).toContain('docker 1.0');
    expect(await version({ DOCKER_CONTEXT: 'two' })).toContain('docker 2.0');
    expect(await version({ DOCKER_CONTEXT: 'two', DOCKER_HOST: three })).toContain('docker 3.0');
    expect(await version({ DOCKER_HOST: three }, { context: 'two' })).toContain('docker 2.0');
    expect(await version({ DOCKER_CONFIG: join(homeWith({ two }, 'two'), '.docker') })).toContain(
      'docker 2.0',
    );
  });

  it('that do not exist are an error with their name', async () => {
    expect(await checkKind('docker', {}, { HOME: homeWith({ a: 'unix:///a' }, 'gone') })).toMatchObject({
      status: 'error',
      found: "the current context 'gone' does not exist",
    });
  });
});

describe('plugins of docker', () => {
  function homeWith(name: string, script: string): string {
    const home = newHome();
    mkdirSync(join(home, '.docker/cli-plugins'), { recursive: true });
    writeFileSync(join(home, '.docker/cli-plugins', `docker-${name}`), `#!/bin/sh\n${script}\n`, {
      mode: 0o755,
    });
    return home;
  }
  // Documented, not recorded: docker/cli, the metadata of a plugin.
  const answer = (version: string) =>
    `[ "$1" = docker-cli-plugin-metadata ] && echo '{"SchemaVersion":"0.1.0","Vendor":"x","Version":"${version}"}'`;

  it.each([
    ['buildx', answer('v0.12.1'), '>=0.12', 'pass'],
    ['buildx', answer('v0.11.2'), '>=0.12', 'fail'],
    ['compose', answer('2.24.5'), '>=2.20', 'pass'],
    ['compose', 'exit 1', '>=2.20', 'error'],
    ['compose', 'echo no JSON', '>=2.20', 'error'],
    ['compose', answer(''), '>=2.20', 'error'],
  ])('checks %s that answers %j against %s: %s', async (name, script, range, status) => {
    const { socket } = await fakeEngine();
    const HOME = homeWith(name, script);
    const environment = { ...at(socket), HOME, PATH: process.env['PATH'] ?? '', SECRET_TOKEN: 'x' };
    expect(await checkKind('docker', { [name]: range }, environment)).toMatchObject({ status });
  });
});

describe('run', () => {
  const small = image('small', 100);
  const images = [image('large', 5_000), small, image('other', 1, { Architecture: 'none' })];

  it('starts nothing for the event of a stranger', async () => {
    const engine = await fakeEngine({ images });
    const environment = at(engine.socket);
    const job = jobWith(environment, 'issue_comment');
    expect(await checkKind('docker', { run: true }, environment, job)).toMatchObject({ status: 'error' });
    expect(engine.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  it('runs the smallest image of this machine, and removes the container', async () => {
    const engine = await fakeEngine({ images });
    const finding = await checkKind('docker', { run: true }, at(engine.socket));
    expect(finding).toMatchObject({ status: 'pass', found: expect.stringContaining('ran small:latest') });
    expect(engine.state.created).toBe(1);
    expect(engine.state.containers).toEqual([]);
    expect(engine.calls.filter((call) => call.includes('/images/create'))).toEqual([]);
  });

  it('passes a program that still runs after a while, and removes its container', async () => {
    const engine = await fakeEngine({ images, run: () => 'never' });
    expect(await checkKind('docker', { run: 'large' }, at(engine.socket))).toMatchObject({
      status: 'pass',
      found: expect.stringContaining('ran large:latest'),
    });
    expect(engine.state.containers).toEqual([]);
  });

  it('never pulls an image that is not there', async () => {
    const engine = await fakeEngine({ images });
    expect(await checkKind('docker', { run: 'reg.example:5000/none' }, at(engine.socket))).toMatchObject({
      status: 'fail',
      found: 'the image reg.example:5000/none is not there',
    });
    expect(engine.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
    const empty = await fakeEngine();
    expect(await checkKind('docker', { run: true }, at(empty.socket))).toMatchObject({ status: 'error' });
  });

  it.each(['POST /containers/create', 'start'])(
    'fails if the engine refuses: %s, and leaves nothing',
    async (act) => {
      const engine = await fakeEngine({ images });
      const id = '1'.padStart(64, 'c');
      engine.state.refuse[act === 'start' ? `POST /containers/${id}/start` : act] = 500;
      expect(await checkKind('docker', { run: true }, at(engine.socket))).toMatchObject({
        status: 'fail',
        found: expect.stringContaining('runs no container'),
      });
      expect(engine.state.containers).toEqual([]);
    },
  );
});
