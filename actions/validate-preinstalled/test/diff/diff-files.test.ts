import { describe, expect, it } from 'vitest';
import { diffFiles } from '../../src/diff/diff-files.ts';
import { changeLine } from '../../src/diff/report.ts';
import { load } from './load.ts';

const snapshot = `name: Snapshot of a machine
system:
  os: { id: debian, version: "==12.0", kernel: "==6.1.0" }
  arch: x64
  cpu: { cores: ">=4" }
  memory: ">=24GiB"
tools:
  git: "==2.39.5"
  java: "==17.0.15"
  yq: latest
toolcache: { node: ["==22.1.0", "==24.2.0"] }
packages:
  - { apt: bash, version: "==5.2-1" }
env: { JAVA_HOME: { set: true } }`;

async function compare(before: string, after: string) {
  const { changes, same, unknown } = diffFiles(await load(before), await load(after));
  return { lines: changes.map(changeLine), same, unknown };
}

describe('a manifest and a snapshot', () => {
  it.each([
    'system: { os: linux, arch: [x64, arm64], memory: 8GiB, cpu: { cores: 4 } }',
    'system: { os: { id: [debian, ubuntu], version: ">=12", kernel: ">=5" } }',
    'tools: { git: ">=2.30", yq: latest, java: { any-of: [11, 17] } }',
    'toolcache: { node: "22" }',
    'packages: [{ apt: bash, dnf: bash }]',
    'env: { JAVA_HOME: { set: true } }',
  ])('do not differ where the machine has what is named: %s', async (manifest) => {
    expect(await compare(manifest, snapshot)).toMatchObject({ lines: [], unknown: [] });
    expect(await compare(snapshot, manifest)).toMatchObject({ lines: [], unknown: [] });
  });

  it.each([
    ['system: { memory: 32GiB }', 'changed: system memory: 32GiB → >=24GiB'],
    ['system: { cpu: { cores: 8 } }', 'changed: system cores: 8 → >=4'],
    ['system: { os: [windows, macos] }', 'changed: system os: windows, macos → linux'],
    ['system: { arch: arm64 }', 'changed: system arch: arm64 → x64'],
    ['system: { os: { id: ubuntu } }', 'changed: system distribution: latest ubuntu → 12.0 debian'],
    ['tools: { git: ">=2.40" }', 'changed: tool git: >=2.40 → 2.39.5'],
    ['tools: { git: "==2.40.1" }', 'downgraded: tool git: 2.40.1 → 2.39.5'],
    ['tools: { jq: latest }', 'removed: tool jq: latest'],
    ['toolcache: { node: "20" }', 'changed: toolcache node: 20 → 22.1.0, 24.2.0'],
    ['toolcache: { go: "1.24" }', 'removed: toolcache go: 1.24'],
    ['packages: [{ apt: vim }]', 'removed: apt package vim: latest'],
    ['env: { GOROOT_HOME: { set: true } }', 'removed: env GOROOT_HOME: set as the manifest says'],
  ])('differ where the machine lacks what is named: %s', async (manifest, line) => {
    expect(await compare(manifest, snapshot)).toEqual({ lines: [line], same: 0, unknown: [] });
    expect((await compare(snapshot, manifest)).lines).toHaveLength(1);
  });

  it.each([
    ['tools: { java: [8, 17] }', 'tool java is not compared: the snapshot does not tell'],
    ['tools: { yq: ">=4" }', 'tool yq is not compared: the snapshot does not tell'],
    ['files: [{ path: /etc/hosts }]', 'file /etc/hosts is not compared: a snapshot does not have it'],
    ['packages: [{ dnf: vim }]', 'dnf package vim is not compared: the snapshot does not tell'],
    [
      'tools: { jq: { version: latest, when: hosted } }',
      'tool jq is not compared: it is required only under a condition',
    ],
  ])('leave open what the snapshot does not tell: %s', async (manifest, why) => {
    expect(await compare(manifest, snapshot)).toEqual({ lines: [], same: 0, unknown: [why] });
  });
});

it('a snapshot without any tool cache does not tell what is in it', async () => {
  const without = snapshot.replace(/^toolcache.*\n/m, '');
  expect(await compare('toolcache: { go: "1.24" }', without)).toEqual({
    ...{ lines: [], same: 0 },
    unknown: ['toolcache go is not compared: the snapshot does not tell'],
  });
});

it('two manifests without a snapshot differ in what they require, even if one version meets both', async () => {
  expect(await compare('tools: { node: "==20.1.0" }', 'tools: { node: ">=18" }')).toEqual({
    ...{ lines: ['changed: tool node: 20.1.0 → >=18'], same: 0, unknown: [] },
  });
});

describe('two snapshots', () => {
  it('leave open whether a version differs that one of them does not tell', async () => {
    const other = snapshot.replace('yq: latest', 'yq: "==4.1"');
    expect(await compare(snapshot, other)).toMatchObject({
      lines: [],
      unknown: ['tool yq is not compared: a snapshot does not tell its version'],
    });
  });

  it('differ in everything that one has', async () => {
    const other = snapshot.replace('24GiB', '32GiB').replace('  yq: latest\n', '');
    expect((await compare(snapshot, other)).lines).toEqual([
      'removed: tool yq: latest',
      'changed: system memory: >=24GiB → >=32GiB',
    ]);
  });

  it('of all packages and of chosen ones differ by no package that only one has', async () => {
    const chosen = snapshot.replace('machine', 'machine, chosen packages').replace('apt: bash', 'apt: vim');
    const { changes, notes } = diffFiles(await load(snapshot), await load(chosen));
    expect([changes, notes]).toEqual([[], [expect.stringContaining('chosen packages only')]]);
  });
});
