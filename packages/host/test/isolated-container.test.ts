import { expect, it } from 'vitest';
import { createdId, exitCodeIn, parseImageKind } from '../src/container-engine-shapes.ts';
import { isolatedContainer } from '../src/isolated-container.ts';

it('has no network, no right that is not named, and one folder without what is mounted below it', () => {
  const folder = { source: '/m/folder', target: '/folder' };
  const argv = ['sh', '-c', 'exit 0'];
  expect(
    isolatedContainer({ image: 'sha256:1', argv, folder, capabilities: ['FOWNER'], labels: { a: 'b' } }),
  ).toEqual({
    ...{ Image: 'sha256:1', Entrypoint: ['sh'], Cmd: ['-c', 'exit 0'], Labels: { a: 'b' } },
    ...{ User: '0:0', WorkingDir: '/', Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: [
        {
          ...{ Type: 'bind', Source: '/m/folder', Target: '/folder' },
          BindOptions: { Propagation: 'private', NonRecursive: true },
        },
      ],
      ...{
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        CapAdd: ['FOWNER'],
      },
      ...{ SecurityOpt: ['no-new-privileges', 'label=disable'], UsernsMode: 'host', AutoRemove: false },
      ...{ Memory: 268_435_456, PidsLimit: 32, RestartPolicy: { Name: 'no' } },
    },
  });
});

it('takes an answer about a new container or an image only in its form', () => {
  const id = 'a'.repeat(64);
  expect([{ Id: id }, { Id: '../x' }, {}, null].map(createdId)).toEqual([
    id,
    ...[undefined, undefined, undefined],
  ]);
  expect([{ StatusCode: 3 }, { StatusCode: '0' }, {}].map(exitCodeIn)).toEqual([3, undefined, undefined]);
  const image = { Os: 'linux', Architecture: 'amd64', Config: { Entrypoint: null, Cmd: ['/bin/sh', '-l'] } };
  expect(parseImageKind(image)).toEqual({ platform: 'linux/amd64', program: '/bin/sh' });
  expect(parseImageKind({ ...image, Config: { Entrypoint: ['tini'], Cmd: ['sh'] } })?.program).toBe('tini');
  expect(parseImageKind({ ...image, Config: null })?.program).toBe('');
  expect(parseImageKind({ Os: 'linux' })).toBeUndefined();
});
