import { describe, expect, it } from 'vitest';
import { compareManifests, type Question } from '../../src/diff/compare.ts';
import { groupItems } from '../../src/diff/groups.ts';
import { joinRenames } from '../../src/diff/renames.ts';
import { changeLine, countChanges, renderDiff } from '../../src/diff/report.ts';
import { indexPackages, type InstalledPackage } from '../../src/machine-facts/packages/package-database.ts';
import { load } from './load.ts';

async function diff(before: string, after: string, question: Question = 'requirements'): Promise<string[]> {
  const { changes, unknown } = compareManifests(await load(before), await load(after), question);
  return [...changes.map(changeLine), ...unknown];
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

  it('has nothing for equal ones in another order, and for other names of a tool', async () => {
    const one = 'tools: { jq: "==1.7", golang: "==1.24" }\nenv: { A_HOME: { set: true } }';
    expect(await diff(one, 'env: { A_HOME: { set: true } }\ntools: { go: "==1.24", jq: "==1.7" }')).toEqual(
      [],
    );
  });

  it.each([
    ['tools: { java: [8, 17] }', 'tools: { java: ["17", "8.x"] }'],
    ['tools: { gcc: { any-of: [12, 13] } }', 'tools: { gcc: { any-of: ["13.x", 12] } }'],
    ['tools: { gcc: { any-of: [12] } }', 'tools: { gcc: [12] }'],
    ['tools: { jq: { when: "os == linux" } }', 'tools: { jq: { when: { os: linux } } }'],
    ['features: { docker: ">=24 <30" }', 'features: { docker: "<30, >=24" }'],
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

  it.each([
    ['severity', 'severity: warn', 'severity warn'],
    ['condition', 'when: { os: linux }', 'when os is linux'],
  ])('keeps each range of a package with its %s', async (_, key, shown) => {
    const ssl = (always: string, other: string) =>
      `packages: [{ apt: openssl, version: ">=${always}" }, { apt: openssl, version: ">=${other}", ${key} }]`;
    expect(await diff(ssl('1', '99'), ssl('99', '1'))).toEqual([
      `changed: apt package openssl: >=1, >=99 ${shown} → >=99, >=1 ${shown}`,
    ]);
    const turned = `packages: [{ apt: openssl, version: ">=99", ${key} }, { apt: openssl, version: ">=1" }]`;
    expect(await diff(ssl('1', '99'), turned)).toEqual([]);
  });

  it('is an upgrade if one of two statements is upgraded, and a change if the other is downgraded', async () => {
    const ssl = (always: string, other: string) =>
      `packages: [{ apt: ssl, version: "==${always}" }, { apt: ssl, version: "==${other}", severity: warn }]`;
    const first = async (other: string) =>
      (await diff(ssl('1', '5'), other)).map((line) => line.split(':')[0]);
    expect(await first(ssl('2', '5'))).toEqual(['upgraded']);
    expect(await first(ssl('2', '4'))).toEqual(['changed']);
  });

  it('tells two conditions apart that have one text', async () => {
    const when = (runner: string) => `tools: { jq: { when: { runner: ${runner} } } }`;
    expect(await diff(when('[a, b]'), when('a or b'))).toHaveLength(1);
  });

  it.each([
    ['{ text: a, value: c, toJSON: d }', '{ text: b, value: c, toJSON: e }'],
    ['{ alternatives: a, scheme: b }', '{ alternatives: a, scheme: c }'],
    ['{ text: a, any: b }', '{ text: a, any: c }'],
  ])('compares the options of a feature whatever they are called: %s', async (one, other) => {
    const feature = (options: string) => `features: { own: { path: ./own, options: ${options} } }`;
    const [line, ...more] = await diff(feature(one), feature(other));
    const [before, after] = line?.split(' → ') ?? [];
    expect([before?.startsWith('changed: feature own: latest '), more]).toEqual([true, []]);
    expect(before?.endsWith(after ?? '')).toBe(false);
    expect(await diff(feature(one), feature(one))).toEqual([]);
  });

  it.each([
    ['features: { docker: ">=24" }', 'features: { docker: ">=27" }', 'docker: >=24 → >=27'],
    [
      'features: { docker: latest, own: { path: ./own, dependsOn: { docker: ">=24" } } }',
      'features: { docker: latest, own: { path: ./own, dependsOn: { docker: ">=27" } } }',
      '>=27',
    ],
  ])('compares the ranges of features: %s', async (one, other, expected) => {
    expect(await diff(one, other)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['"==20.1.0"', '">=18"', '20.1.0 → >=18'],
    ['">=18"', '"==20.1.0"', '>=18 → 20.1.0'],
    ['latest', '"==20.1.0"', 'latest → 20.1.0'],
    ['{ any-of: [18, 20] }', '"18 || 20"', 'any-of: [18, 20] → 18 || 20'],
    ['[20]', '20', '[20] → 20'],
    ['["==20.1.0"]', '"==20.1.0"', '[==20.1.0] → 20.1.0'],
    ['[18, 20]', '{ any-of: [18, 20] }', '[18, 20] → any-of: [18, 20]'],
  ])('takes %s and %s as other requirements', async (before, after, shown) => {
    const lines = await diff(`tools: { node: ${before} }`, `tools: { node: ${after} }`);
    expect(lines).toEqual([`changed: tool node: ${shown}`]);
  });

  it('shows no value of a variable', async () => {
    const lines = await diff('env: { A: { equals: secret-a } }', 'env: { A: { equals: secret-b } }');
    expect(lines).toEqual(['changed: env A: set as the manifest says → set as the manifest says']);
  });

  it('has the worst first, counts them, and cuts a long summary', async () => {
    const many = Array.from({ length: 600 }, (_, index) => `t${index}: "==1"`).join(', ');
    const after = await load(`tools: { jq: "==1.6", ${many} }`);
    const before = await load('tools: { jq: "==1.7", go: "==1" }');
    const comparison = compareManifests(before, after, 'requirements');
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
      'requirements',
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
      'requirements',
    );
    expect(comparison.changes.map(changeLine)[0]).toContain(String.raw`/a\u001b[2Jb\nc`);
    expect(renderDiff('a.yml', { ...comparison, notes: [], unknown: [] })).toContain(
      String.raw`/a\u001b[2Jb\nc`,
    );
  });
});

describe('a diff of two snapshots', () => {
  const go = (version: string) => `tools: { go: ${version} }`;
  const untold = 'tool go is not compared: a snapshot does not tell its version';

  it.each<[string, string, string[]]>([
    ['">=1.20 <2"', '"==1.24.1"', []],
    ['{ any-of: [1.20, 1.24] }', '"==1.24.1"', []],
    ['">=2"', '"==1.24.1"', ['changed: tool go: >=2 → 1.24.1']],
    ['"==1.24.1"', 'latest', [untold]],
    ['latest', 'latest', []],
    ['["==1.24.1"]', '"==1.24.1"', []],
    ['["1.24"]', '"1.24"', ['changed: tool go: [1.24] → 1.24']],
  ])('of %s and %s, as of a snapshot and this machine', async (before, after, lines) => {
    expect(await diff(go(before), go(after), 'machine')).toEqual(lines);
    expect(await diff(go(before), go(after), 'snapshots')).toEqual(lines);
  });

  it('does not know whether a version differs that the first one could not tell', async () => {
    expect(await diff(go('latest'), go('"==1.24.1"'), 'snapshots')).toEqual([untold]);
    // Somebody may have written it, for any version.
    expect(await diff(go('latest'), go('"==1.24.1"'), 'machine')).toEqual([]);
  });
});

describe('a rename of a package', () => {
  const installed = (name: string, provides: string[] = []): InstalledPackage => ({
    ...{ name, version: '2-1', state: 'installed', provides: provides.map((one) => ({ name: one })) },
  });
  const join = async (before: string, after: string, ...packages: InstalledPackage[]) => {
    const one = await load(before);
    const compared = compareManifests(one, await load(after), 'machine');
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
