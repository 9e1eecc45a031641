import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import { lintPools } from '../src/lint-pools.ts';
import { filesOf } from './problems-of.ts';

async function warningsOf(...lines: string[]): Promise<string[]> {
  const text = ['pools:', ...lines.map((line) => `  ${line}`), ''].join('\n');
  const place = { repository: undefined, ref: undefined, path: 'c.yml' };
  const loaded = await loadConfig(filesOf({ 'c.yml': text }), place);
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  return lintPools(loaded).map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}

describe('lintPools warns', () => {
  it('of a pool whose jobs the runners of a pool with more labels may take', async () => {
    expect(
      await warningsOf(
        'big: { runs-on: [self-hosted, Linux, big] }',
        'small: { runs-on: [self-hosted, linux] }',
      ),
    ).toEqual([
      expect.stringMatching(/^c\.yml:3:21 pools\.small: runners of the pool 'big' have all labels/),
    ]);
  });

  it('once of two pools with the same labels', async () => {
    expect(
      await warningsOf('a: { runs-on: [self-hosted, mac] }', 'b: { runs-on: [mac, self-hosted] }'),
    ).toEqual([expect.stringMatching(/^c\.yml:2:17 pools\.a: the pool 'b' requests the same labels/)]);
  });

  it('of a pool without a group next to a pool with one', async () => {
    expect(
      await warningsOf(
        'any: { runs-on: [self-hosted, linux] }',
        'gpu: { runs-on: { group: gpu, labels: [self-hosted, linux] } }',
      ),
    ).toEqual([expect.stringMatching(/pools\.any: runners of the pool 'gpu'/)]);
  });

  it('of a group with fewer labels next to the same group with more', async () => {
    expect(
      await warningsOf('a: { runs-on: { group: G } }', 'b: { runs-on: { group: g, labels: fast } }'),
    ).toEqual([expect.stringMatching(/pools\.a: runners of the pool 'b'/)]);
  });
});

it.each([
  ['labels of their own', '[self-hosted, linux, a]', '[self-hosted, linux, b]'],
  ['different groups', '{ group: a, labels: [self-hosted] }', '{ group: b, labels: [self-hosted, big] }'],
  ['a group, and more labels without one', '{ group: a, labels: linux }', '[linux, big, mine]'],
])('lintPools does not warn of pools with %s', async (_, one, other) => {
  expect(await warningsOf(`a: { runs-on: ${one} }`, `b: { runs-on: ${other} }`)).toEqual([]);
});

it('lintPools does not warn of hosted pools', async () => {
  expect(
    await warningsOf(
      'a: { runs-on: ubuntu-latest, kind: hosted }',
      'b: { runs-on: ubuntu-latest, kind: hosted }',
      'c: { runs-on: ubuntu-latest }',
    ),
  ).toEqual([]);
});
