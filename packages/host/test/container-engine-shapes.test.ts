import { describe, expect, it } from 'vitest';
import { apiVersion } from '../src/container-engine.ts';
import {
  buildCacheSize,
  lastTagged,
  parseContainer,
  parseContainerSummary,
  parseImage,
  parseNetwork,
  parseVolume,
  spaceReclaimed,
} from '../src/container-engine-shapes.ts';
import { engineSockets } from '../src/find-engines.ts';

const id = 'a'.repeat(64);
const described = {
  ...{ Id: id, Image: 'sha256:1', Name: '/web', Created: '2026-11-27T09:58:20.187877171Z', Mounts: [] },
  ...{ State: { Running: true }, Config: { Labels: { abc123: '' } } },
  HostConfig: { RestartPolicy: { Name: 'always' }, NetworkMode: 'front' },
  NetworkSettings: { Networks: { front: { NetworkID: 'b'.repeat(64) } } },
};

describe('a container', () => {
  it('has what the engine says', () => {
    const mounts = [
      { Type: 'bind', Source: '/w' },
      { Type: 'volume', Name: 'v', Source: '/lib/v' },
    ];
    expect(parseContainer({ ...described, Mounts: mounts }, id)).toEqual({
      ...{ id, imageId: 'sha256:1', name: 'web', created: Date.UTC(2026, 10, 27, 9, 58, 20, 187) },
      ...{ running: true, labels: { abc123: '' }, restartPolicy: 'always' },
      mounts: [
        { type: 'bind', name: '', source: '/w' },
        { type: 'volume', name: 'v', source: '/lib/v' },
      ],
      ownVolumes: [],
      networks: ['front', 'front', 'b'.repeat(64)],
    });
  });

  it('has volumes of its own where nothing gave it one', () => {
    const [own, other] = ['c'.repeat(64), 'd'.repeat(64)];
    const volume = (Name: string, Destination: string) => ({ Type: 'volume', Name, Destination });
    const Mounts = [volume(own, '/data'), volume(other, '/given'), volume('named', '/n')];
    const Config = { Volumes: { '/data': {}, '/given': {}, '/n': {} } };
    const of = (HostConfig: object, more: object = {}) =>
      parseContainer({ ...described, Mounts, Config, HostConfig, ...more }, id)?.ownVolumes;
    expect(of({ Binds: [`${other}:/given`] })).toEqual([own]);
    expect(of({ Binds: [`${other}:/given`, `${own}:/data:rw`] })).toEqual([]);
    expect(of({ Binds: [`${other}:/given`] }, { Config: {} })).toEqual([]);
    expect(of({ VolumesFrom: ['x'] })).toEqual([]);
    expect(of({ Mounts: [{ Type: 'volume', Source: own, Target: '/data' }] })).toEqual([]);
    expect(of({ Binds: 'x' })).toEqual([]);
  });

  it('keeps only a bounded part of its labels', () => {
    const labels = { short: 'x', long: 'x'.repeat(5_000) };
    expect(parseContainer({ ...described, Config: { Labels: labels } }, id)?.labels).toEqual({ short: 'x' });
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`l${index}`, '']));
    const kept = parseContainer({ ...described, Config: { Labels: many } }, id)?.labels;
    expect(Object.keys(kept ?? {})).toHaveLength(1_000);
  });

  it.each<[string, unknown]>([
    ['more mounts than a container has', { ...described, Mounts: Array.from({ length: 1_001 }, () => ({})) }],
    ['another container', { ...described, Id: 'b'.repeat(64) }],
    ['no list of mounts', { ...described, Mounts: undefined }],
    ['a text of mounts', { ...described, Mounts: '/' }],
    ['no image', { ...described, Image: '' }],
    ['a list', [described]],
    ['nothing', null],
  ])('is invalid with %s', (_what, value) => expect(parseContainer(value, id)).toBeUndefined());

  it('has no fields of the wrong type', () => {
    const wrong = {
      Config: { Labels: { a: 1 } },
      State: { Running: 'true' },
      Name: 7,
      Created: '0001-01-01T00:00:00Z',
    };
    const more = { HostConfig: 'x', NetworkSettings: { Networks: ['x'] }, Mounts: [null, 'x'] };
    expect(parseContainer({ ...described, ...wrong, ...more }, id)).toEqual({
      ...{ id, imageId: 'sha256:1', name: '', created: undefined, running: false, labels: { a: '' } },
      ...{ restartPolicy: '', ownVolumes: [], networks: [] },
      mounts: [
        { type: '', name: '', source: '' },
        { type: '', name: '', source: '' },
      ],
    });
  });

  it.each(['', 'abc', `${id}0`, '../x', 'A'.repeat(64), `${id.slice(1)}\n`])('has no id %j', (wrong) => {
    expect(parseContainerSummary({ Id: wrong, ImageID: 'sha256:1' })).toBeUndefined();
  });
});

it('parses networks, volumes and images', () => {
  const net = {
    Id: id,
    Name: 'n',
    Created: '2026-11-27T10:00:00Z',
    Driver: 'bridge',
    Scope: 'local',
    Labels: null,
  };
  expect(parseNetwork({ ...net, Containers: { x: {} } })).toEqual({
    ...{ id, name: 'n', created: Date.UTC(2026, 10, 27, 10), driver: 'bridge', scope: 'local' },
    ...{ labels: {}, inUse: true },
  });
  expect(parseNetwork({ ...net, Id: '../n' })).toBeUndefined();
  expect(parseVolume({ Name: 'data', CreatedAt: 'yesterday' })).toEqual({
    ...{ name: 'data', created: undefined, labelled: false },
  });
  const labelled = (...labels: string[]) =>
    parseVolume({ Name: 'v', Labels: Object.fromEntries(labels.map((label) => [label, ''])) })?.labelled;
  expect(labelled('com.docker.volume.anonymous')).toBe(false);
  expect(labelled('com.docker.volume.anonymous', 'backup')).toBe(true);
  expect(parseVolume({ Name: '../data' })).toBeUndefined();
  const image = {
    Id: `sha256:${id}`,
    RepoTags: ['<none>:<none>'],
    RepoDigests: ['<none>@<none>'],
    Created: 7,
    Size: -1,
  };
  expect(parseImage(image)).toEqual({ id: `sha256:${id}`, tags: [], digests: [], created: 7000, bytes: 0 });
  expect(parseImage({ ...image, Id: id })).toBeUndefined();
});

it('takes no size that is not a count of bytes', () => {
  expect([NaN, -1, 1.5, 1e300, '9', 12].map((SpaceReclaimed) => spaceReclaimed({ SpaceReclaimed }))).toEqual([
    ...[0, 0, 0, 0, 0, 12],
  ]);
  const cache = [
    { InUse: false, Size: 5 },
    { InUse: true, Size: 7 },
    { Size: 9 },
    { InUse: false, Shared: true, Size: 3 },
    null,
  ];
  expect(buildCacheSize({ BuildCache: cache })).toEqual({ entries: 1, bytes: 5 });
  expect(buildCacheSize({ BuildCache: null })).toBeUndefined();
});

it('knows no time of the last tag if the engine gives the zero time', () => {
  expect(lastTagged({ Metadata: { LastTagTime: '0001-01-01T00:00:00Z' } })).toBeUndefined();
  expect(lastTagged({ Metadata: { LastTagTime: '1970-01-01T00:00:01Z' } })).toBe(1000);
});

it.each([
  ['1.41', '1.41'],
  ['1.52', '1.47'],
  ['2.0', '1.47'],
  ['1.5', '1.5'],
  ['', undefined],
  ['1.41/../..', undefined],
  [undefined, undefined],
])('negotiates the version %j', (offered, version) => expect(apiVersion(offered)).toBe(version));

describe('the sockets of engines', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['a Unix socket', { DOCKER_HOST: 'unix:///srv/d.sock', XDG_RUNTIME_DIR: '/r' }, ['/srv/d.sock']],
    ['a named pipe', { DOCKER_HOST: 'npipe:////./pipe/x' }, ['//./pipe/x']],
    [
      'the usual ones',
      { XDG_RUNTIME_DIR: '/r' },
      ['/var/run/docker.sock', '/r/docker.sock', '/r/podman/podman.sock', '/run/podman/podman.sock'],
    ],
  ])('are found: %s', (_what, environment, sockets) =>
    expect(engineSockets(environment, 'linux', 1000)).toEqual({ sockets }),
  );

  it('of the user are found without a session', () => {
    for (const dir of [undefined, 'relative', '/a\nb'])
      expect(engineSockets({ XDG_RUNTIME_DIR: dir }, 'linux', 7).sockets).toContain(
        '/run/user/7/podman/podman.sock',
      );
  });

  it('on Windows are a pipe', () => {
    expect(engineSockets({}, 'win32', undefined).sockets).toEqual(['//./pipe/docker_engine']);
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://root:secret@host', 'nonsense'])('are none for %s', (host) => {
    const { sockets, problem } = engineSockets({ DOCKER_HOST: host }, 'linux', 1000);
    expect(sockets).toEqual([]);
    expect(problem).toContain(`'${host.split(':')[0]}'`);
    expect(problem).not.toContain('secret');
  });
});
