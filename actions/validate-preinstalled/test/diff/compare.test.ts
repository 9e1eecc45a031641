import { describe, expect, it } from 'vitest';
import { comparablePart } from '../../src/diff/comparable.ts';
import { compareManifests, groupItems } from '../../src/diff/compare.ts';
import { joinRenames } from '../../src/diff/renames.ts';
import { changeLine, countChanges, renderDiff } from '../../src/diff/report.ts';
import { indexPackages, type InstalledPackage } from '../../src/machine-facts/packages/package-database.ts';
import { load } from './load.ts';

async function diff(before: string, after: string): Promise<string[]> {
  const { changes } = compareManifests(await load(before), await load(after));
  return changes.map(changeLine);
}

const apt = (name: string, version: string) => `packages: [{ apt: ${name}, version: "==${version}" }]`;

describe('a diff of two manifests', () => {
  it.each([
    ['tools: { jq: "==1.7" }', 'tools: { jq: "==1.7.1" }', 'upgraded: tool jq: 1.7 → 1.7.1'],
    ['tools: { jq: "==1.10" }', 'tools: { jq: "==1.9" }', 'downgraded: tool jq: 1.10 → 1.9'],
    ['tools: { jq: "==1.7" }', 'tools: { go: "==1.7" }', 'removed: tool jq: 1.7; added: tool go: 1.7'],
    [apt('vim', '2:9.0'), apt('vim', '10.0'), 'downgraded: apt package vim: 2:9.0 → 10.0'],
    [apt('vim', '9.0~rc1'), apt('vim', '9.0'), 'upgraded: apt package vim: 9.0~rc1 → 9.0'],
    [
      'toolcache: { Python: ["==3.11.9", "==3.12.1"] }',
      'toolcache: { Python: "==3.12.1" }',
      'changed: toolcache Python: 3.11.9, 3.12.1 → 3.12.1',
    ],
    [
      'rust: [{ toolchain: stable, version: "==1.80.0", components: [clippy] }]',
      'rust: [{ toolchain: stable, version: "==1.80.0" }]',
      'changed: rust stable: 1.80.0 components: clippy → 1.80.0',
    ],
    [
      'system: { memory: ">=32GiB" }',
      'system: { memory: ">=16GiB" }',
      'changed: system memory: >=32GiB → >=16GiB',
    ],
    ['system: { glibc: "==2.36" }', 'system: { glibc: "==2.39" }', 'upgraded: system glibc: 2.36 → 2.39'],
    ['gpu: { driver: "==550.1" }', 'gpu: { driver: "==535.9" }', 'downgraded: gpu driver: 550.1 → 535.9'],
    [
      'docker: { version: "==27.1" }',
      'docker: { version: "==28.0" }',
      'upgraded: engine docker: 27.1 → 28.0',
    ],
    [
      'files: [{ path: /x, mode: "0600" }]',
      'files: [{ path: /x, mode: "0640", owner: root }]',
      'changed: file /x: mode: 0600 → mode: 0640; owner: root',
    ],
    [
      'tools: { jq: latest }',
      'tools: { jq: { version: latest, severity: warn, when: os == linux } }',
      'changed: tool jq: latest → latest severity warn, when os == linux',
    ],
    [
      'tools: { jq: "1.7" }',
      'tools: { jq: { version: "1.7", run: true } }',
      'changed: tool jq: 1.7 → 1.7 run: true',
    ],
    ['env: { JAVA_HOME: { set: true } }', 'env: {}', 'removed: env JAVA_HOME: set as the manifest says'],
  ])('of %s and %s', async (before, after, expected) => {
    expect((await diff(before, after)).join('; ')).toBe(expected);
  });

  it('has nothing for equal ones in another order, for other names of a tool, and for a range that is met', async () => {
    const one = 'tools: { jq: "==1.7", golang: "==1.24" }\nenv: { A_HOME: { set: true } }';
    expect(await diff(one, 'env: { A_HOME: { set: true } }\ntools: { go: "==1.24", jq: "==1.7" }')).toEqual(
      [],
    );
    expect(await diff('tools: { go: ">=1.20 <2" }', 'tools: { go: "==1.24.1" }')).toEqual([]);
    expect(await diff('tools: { go: { any-of: [1.20, 1.24] } }', 'tools: { go: "==1.24.1" }')).toEqual([]);
    expect(await diff('tools: { go: ">=2" }', 'tools: { go: "==1.24.1" }')).toEqual([
      'changed: tool go: >=2 → 1.24.1',
    ]);
  });

  it.each([
    ['tools: { java: [8, 17] }', 'tools: { java: ["17", "8.x"] }'],
    ['tools: { gcc: { any-of: [12, 13] } }', 'tools: { gcc: "13 || 12" }'],
    ['tools: { node: ">=20 <25" }', 'tools: { node: "<25, >=20" }'],
    ['tools: { git: latest }', 'tools: { git: any }'],
    ['system: { memory: 8GiB, os: [linux, macos] }', 'system: { os: [macos, linux], memory: ">=8192MiB" }'],
    ['system: { disk: [{ path: /, free: 20GiB }] }', 'system: { disk: [{ path: /, free: ">=20480MiB" }] }'],
    [
      'system: { cpu: { flags: [avx, avx2], cores: 4 } }',
      'system: { cpu: { flags: [avx2, avx], cores: ">=4" } }',
    ],
    ['toolcache: { node: ["22", "24"] }', 'toolcache: { node: ["24.x", "22"] }'],
    ['rust: [{ components: [clippy, rustfmt] }]', 'rust: [{ components: [rustfmt, clippy] }]'],
    ['user: { groups: [docker, kvm] }', 'user: { groups: [kvm, docker] }'],
  ])('has nothing for %s and %s, which mean the same', async (before, after) => {
    expect(await diff(before, after)).toEqual([]);
  });

  it('takes an order that matters as a difference', async () => {
    const tool = (...command: string[]) => `tools: { x: { command: ${JSON.stringify(command)} } }`;
    expect(await diff(tool('x', 'a', 'b'), tool('x', 'b', 'a'))).toHaveLength(1);
  });

  it('takes two kernels as one thing', async () => {
    const kernels = (...versions: string[]) =>
      `packages: [${versions.map((one) => `{ dnf: kernel, version: "==${one}" }`).join(', ')}]`;
    expect(await diff(kernels('6.1-1', '6.2-1'), kernels('6.2-1', '6.3-1'))).toEqual([
      'changed: dnf package kernel: 6.1-1, 6.2-1 → 6.2-1, 6.3-1',
    ]);
    expect(await diff(kernels('6.1-1', '6.2-1'), kernels('6.2-1', '6.1-1'))).toEqual([]);
  });

  it('shows no value of a variable', async () => {
    const lines = await diff('env: { A: { equals: secret-a } }', 'env: { A: { equals: secret-b } }');
    expect(lines).toEqual(['changed: env A: set as the manifest says → set as the manifest says']);
  });

  it('has the worst first, counts them, and cuts a long summary', async () => {
    const many = Array.from({ length: 600 }, (_, index) => `t${index}: "==1"`).join(', ');
    const after = await load(`tools: { jq: "==1.6", ${many} }`);
    const comparison = compareManifests(await load('tools: { jq: "==1.7", go: "==1" }'), after);
    expect(comparison.changes.slice(0, 3).map(({ change }) => change)).toEqual([
      'removed',
      'downgraded',
      'added',
    ]);
    expect([countChanges(comparison.changes), comparison.same]).toEqual([
      '1 removed, 1 downgraded, 600 added',
      0,
    ]);
    const summary = renderDiff('a.yml', { ...comparison, notes: [], unknown: [] });
    expect(summary).toContain('102 more are in the report only.');
    expect(summary.split('\n').length).toBeLessThan(520);
  });

  it('tells in the summary what could not be compared, and why', async () => {
    const comparison = compareManifests(
      await load('tools: { jq: "==1.7" }'),
      await load('tools: { jq: "==1.7" }'),
    );
    const unknown = ['service cron is not compared: no <answer>'];
    const summary = renderDiff('a.yml', { ...comparison, notes: ['one'], unknown });
    expect(summary).toContain('no difference, 1 the same, 1 not compared, 1 note in the log');
    expect(summary).toContain('- service cron is not compared: no \\<answer\\>');
  });

  it('has no control characters of names in log and summary', async () => {
    const comparison = compareManifests(
      await load('files: [{ path: "/a\\e[2Jb\\nc" }]'),
      await load('files: []'),
    );
    expect(comparison.changes.map(changeLine)[0]).toContain(String.raw`/a\u001b[2Jb\nc`);
    expect(renderDiff('a.yml', { ...comparison, notes: [], unknown: [] })).toContain(
      String.raw`/a\u001b[2Jb\nc`,
    );
  });
});

describe('a rename of a package', () => {
  const installed = (name: string, provides: string[] = []): InstalledPackage => ({
    ...{ name, version: '2-1', state: 'installed', provides: provides.map((one) => ({ name: one })) },
  });
  const join = async (before: string, after: string, ...packages: InstalledPackage[]) => {
    const one = await load(before);
    const compared = compareManifests(one, await load(after));
    const known = new Set(groupItems(one).keys());
    return (await joinRenames(compared, known, 'apt', indexPackages(packages))).changes.map(changeLine);
  };

  it('is one change if the new package provides the old name', async () => {
    const lines = await join(
      apt('libssl3', '2-1'),
      apt('libssl3t64', '2-1'),
      installed('libssl3t64', ['libssl3']),
    );
    expect(lines).toEqual(['renamed: apt package libssl3: 2-1 → libssl3t64 2-1']);
  });

  it('is none if nothing provides the old name, or only a package that was there before', async () => {
    expect(await join(apt('a', '1'), apt('b', '1'), installed('b'))).toEqual([
      'removed: apt package a: 1',
      'added: apt package b: 1',
    ]);
    const both = 'packages: [{ apt: gawk, version: "==1" }, { apt: mawk, version: "==2-1" }]';
    expect(await join(both, apt('mawk', '2-1'), installed('mawk', ['gawk']))).toEqual([
      'removed: apt package gawk: 1',
    ]);
  });
});

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

  it('is only what a snapshot has too', async () => {
    expect(await names('')).toEqual([
      ['os', 'memory', 'glibc', 'jq', 'bash', 'podman', 'JAVA_HOME'],
      ['own-tool', 'gcc-12', 'pip:requests', '/etc/hosts', 'docker', 'PATH'],
    ]);
  });
});
