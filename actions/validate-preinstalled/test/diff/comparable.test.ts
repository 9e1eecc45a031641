import { describe, expect, it } from 'vitest';
import { comparablePart } from '../../src/diff/comparable.ts';
import { compareManifests } from '../../src/diff/compare.ts';
import { unlistedPackages } from '../../src/diff/listed-packages.ts';
import { load } from './load.ts';

describe('what a machine can be compared with', () => {
  const facts = {
    ...{ os: 'linux', arch: 'x64', distribution: ['debian'], hosted: false, container: false },
    ...{ event: 'push', workflow: 'w', job: 'j', runner: 'r', environment: {} },
  };
  const text = `tools: { jq: latest, own-tool: latest, gcc-12: latest }
packages: [{ pip: requests }, { apt: bash }]
system: { os: linux, memory: 4GiB, glibc: ">=2" }
files: [{ path: /etc/hosts }]
env: { JAVA_HOME: { set: true }, PATH: { set: true } }
docker: { wait: 1m }
podman: { version: ">=4" }`;
  const names = async (name: string) => {
    const { manifest, left } = comparablePart(await load(`${name}${text}`), facts);
    return [manifest.requirements, left].map((all) => all.map((one) => one.name));
  };

  it('is not known of packages of the snapshot if those of the machine cannot be listed', async () => {
    const { changes } = compareManifests(
      await load('packages: [{ apt: vim }]'),
      await load('tools: {}'),
      'machine',
    );
    const unlisted = { unknown: 'no answer' };
    expect(unlistedPackages(changes, unlisted)).toEqual(['packages are not compared: no answer']);
    expect(unlistedPackages(changes, { manager: 'apt' })).toEqual([]);
    expect(unlistedPackages([], unlisted)).toEqual([]);
  });

  it('is only what a snapshot has too', async () => {
    expect(await names('')).toEqual([
      ['os', 'memory', 'glibc', 'jq', 'bash', 'podman', 'JAVA_HOME'],
      ['own-tool', 'gcc-12', 'pip:requests', '/etc/hosts', 'docker', 'PATH'],
    ]);
  });
});
