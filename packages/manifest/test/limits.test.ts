// A stranger's manifest may not keep a machine busy. A file that takes minutes fails by the timeout of its test.
import { describe, expect, it } from 'vitest';
import { roundsOf } from '../src/index.ts';
import { parseRange } from '../src/versions/index.ts';
import { load } from './load-text.ts';

const many = (count: number, write: (index: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(between);

it.each([
  [
    '45,000 tools',
    `tools:\n${many(45_000, (index) => `  t${index}: latest`)}`,
    "main.yml:10003:3: found '45000', expected at most 10000 requirements",
  ],
  [
    '90,000 packages of one entry',
    `packages: [{ apt: [${many(90_000, (index) => `p${index}`, ', ')}] }]`,
    "found '90000', expected at most 10000 requirements",
  ],
  [
    '150 patterns that search folders',
    `files:\n${many(150, (index) => `  - path: /usr/**/x${index}`)}`,
    "main.yml:53:5: found '150', expected at most 50 paths with `**`",
  ],
  [
    '201 features',
    `features:\n${many(201, (index) => `  f${index}: { path: ./f }`)}`,
    "main.yml:203:3: found '201', expected at most 200 features",
  ],
  [
    '501 ranges of features',
    `features:\n  a: { path: ./a }\n${many(3, (at) => `  b${at}: { path: ./b, dependsOn: { ${many(167, (index) => `a${index}: 1`, ', ')} } }`)}`,
    "found '501', expected at most 500 ranges in 'dependsOn'",
  ],
])('%s are refused', async (_, text, message) => {
  await expect(load(`version: 1\n${text}\n`)).rejects.toThrow(message);
});

it.each([
  ['10,000 tools', `tools:\n${many(10_000, (index) => `  t${index}: latest`)}`, 10_000],
  ['50 patterns that search folders', `files:\n${many(50, (index) => `  - path: /usr/**/x${index}`)}`, 50],
  ['200 features', `features:\n${many(200, (index) => `  f${index}: { path: ./f }`)}`, 200],
])('%s are read', async (_, text, count) => {
  expect((await load(`version: 1\n${text}\n`)).requirements).toHaveLength(count);
});

it('refuses files that have more than 4 MiB together', async () => {
  const comment = `# ${'x'.repeat(1024 * 1024 - 100)}\n`;
  const names = ['main.yml', 'a.yml', 'b.yml', 'c.yml', 'd.yml'];
  const files = names.map((name, index) => {
    const next = names[index + 1];
    return [name, `${comment}version: 1\n${next === undefined ? '' : `extends: ./${next}\n`}`] as const;
  });
  await expect(load(Object.fromEntries(files.slice(1)))).resolves.toBeDefined();
  await expect(load(Object.fromEntries(files))).rejects.toThrow('expected at most 4 MiB in all files');
});

describe('roundsOf', () => {
  const node = (name: string, ...dependsOn: string[]) => ({ name, dependsOn, installsAfter: [] });

  it('sorts a chain of 20,000 nodes', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => node(`f${index}`, `f${index + 1}`));
    const rounds = roundsOf(chain);
    expect(Array.isArray(rounds) && [rounds.length, rounds[0]]).toEqual([20_000, [node('f19999', 'f20000')]]);
  });

  it('names a cycle of 20,000 nodes', () => {
    const ring = Array.from({ length: 20_000 }, (_, index) => node(`f${index}`, `f${(index + 1) % 20_000}`));
    const rounds = roundsOf([node('before', 'f3'), ...ring]);
    expect('cycle' in rounds && [rounds.cycle.length, rounds.cycle[0], rounds.cycle.at(-1)]).toEqual([
      ...[20_001, 'f3', 'f3'],
    ]);
  });

  it('keeps the order of nodes within a round', () => {
    const rounds = roundsOf([
      node('d', 'b', 'a'),
      node('c', 'a'),
      node('b'),
      node('a'),
      node('e', 'c', 'none'),
    ]);
    expect(Array.isArray(rounds) && rounds.map((round) => round.map(({ name }) => name))).toEqual([
      ['b', 'a'],
      ['d', 'c'],
      ['e'],
    ]);
  });
});

it('refuses a version with more numbers than any has', () => {
  expect(parseRange(`>=1${'.1'.repeat(19)}`, 'maven')).not.toHaveProperty('expected');
  expect(parseRange(`>=1${'.1'.repeat(20)}`, 'maven')).toEqual({
    expected: 'a version with at most 20 numbers',
  });
});

it('finds out of many long ranges that a version meets them', async () => {
  const range = many(20, (index) => `!=${index}`, ' ');
  const { requirements } = await load(
    `version: 1\ntools: { t: [${many(2000, () => `"${range}"`, ', ')}] }\n`,
  );
  expect(requirements).toHaveLength(1);
});
