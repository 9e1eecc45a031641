import { describe, expect, it } from 'vitest';
import { parseAbout } from '../src/container-engine-about.ts';
import { isolatedContainer } from '../src/isolated-container.ts';

// Recorded: Docker 20.10.24 of Debian 12, shortened.
const version = {
  Platform: { Name: '' },
  Components: [
    { Name: 'Engine', Version: '20.10.24+dfsg1', Details: { ApiVersion: '1.41', MinAPIVersion: '1.12' } },
    { Name: 'containerd', Version: '1.6.20~ds1', Details: { GitCommit: '1.6.20~ds1-1+deb12u3' } },
  ],
  ...{ Version: '20.10.24+dfsg1', ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux', Arch: 'amd64' },
};
const info = { Name: 'vm', SecurityOptions: ['name=seccomp,profile=default'] };

describe('parseAbout', () => {
  it('reads what Docker says of itself', () => {
    expect(parseAbout(version, info)).toEqual({
      ...{ program: 'docker', version: '20.10.24+dfsg1', api: '1.41', oldestApi: '1.12', rootless: false },
    });
  });

  it('tells a rootless engine and podman', () => {
    expect(parseAbout(version, { SecurityOptions: ['name=rootless'] }).rootless).toBe(true);
    expect(parseAbout(version, { Rootless: true }).rootless).toBe(true);
    expect(parseAbout({ Components: [{ Name: 'Podman Engine' }] }, info).program).toBe('podman');
  });

  it.each([undefined, null, 'x', [], { Version: 1, Components: 'x' }, { Version: '', Components: [null] }])(
    'knows nothing from %j',
    (answer) =>
      expect(parseAbout(answer, answer)).toEqual({
        ...{ program: 'docker', version: undefined, api: undefined, oldestApi: undefined, rootless: false },
      }),
  );
});

it('a container without a folder sees nothing of the machine', () => {
  expect(isolatedContainer({ image: 'i', argv: ['sh'], capabilities: [], labels: {} })).toMatchObject({
    HostConfig: { Mounts: [], NetworkMode: 'none' },
  });
});
