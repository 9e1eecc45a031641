import { createSeededRandom, type Random } from '@runner-actions/testing/hostile';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../src/request/jobs.ts';
import { expandMatrix } from '../../src/request/matrix.ts';
import { referenceCells, type Value } from './matrix-reference.ts';

const expand = (matrix: Record<string, unknown>) => expandMatrix(matrix);
const read = (matrix: unknown) => readJobs('jobs', JSON.stringify(matrix), matrix).map(({ item }) => item);

describe('expandMatrix: exclude', () => {
  it.each([
    ['a text in another case', { os: ['Linux', 'macos'] }, { os: 'LINUX' }, [{ os: 'macos' }]],
    ['a number as text', { node: [18, 20] }, { node: '18' }, [{ node: 20 }]],
    ['a text as number', { node: ['18', '20'] }, { node: 18.0 }, [{ node: '20' }]],
    ['false, null and an empty text, which all equal 0', { a: [false, null, '', 1] }, { a: 0 }, [{ a: 1 }]],
    ['true, which equals 1', { a: [true, 2] }, { a: 1 }, [{ a: 2 }]],
    ['the axis in another case', { Os: ['a', 'b'] }, { oS: 'a' }, [{ Os: 'b' }]],
    [
      'a part of an object',
      { os: [{ name: 'linux', arch: 'x64' }, { name: 'macos' }] },
      { os: { NAME: 'Linux' } },
      [{ os: { name: 'macos' } }],
    ],
    ['a key that is missing, as null', { os: [{ a: 1 }, { b: 1 }] }, { os: { b: null } }, [{ os: { b: 1 } }]],
    ['the first items of a list', { v: [[1, 2], [3]] }, { v: ['1'] }, [{ v: [3] }]],
    ['an object without keys, which matches everything', { v: [1, { a: 1 }] }, { v: {} }, []],
  ] as [string, Record<string, unknown>, unknown, unknown[]][])('matches %s', (_name, axes, filter, cells) =>
    expect(expand({ ...axes, exclude: [filter] })).toEqual(cells),
  );

  it.each([
    ['a text that is no number', { a: ['x'] }, { a: 0 }],
    ['an object, which equals no text', { a: [{ b: 1 }] }, { a: '[object Object]' }],
    ['a list with one number, which equals no number', { a: [[5]] }, { a: 5 }],
    ['not-a-number, which does not even equal itself', { a: [Number.NaN] }, { a: Number.NaN }],
    ['a name that every object inherits', { a: [{ b: 1 }] }, { a: { constructor: 'x' } }],
  ])('does not match %s', (_name, axes, filter) =>
    expect(expand({ ...axes, exclude: [filter] })).toEqual(expand(axes)),
  );
});

describe('expandMatrix: include', () => {
  it('keeps the value and the spelling of the axis when an entry matches in another form', () => {
    const include = [{ OS: 'LINUX', node: '18', extra: 1 }, { Extra: 2 }];
    expect(expand({ os: ['linux'], node: [18], include })).toEqual([{ os: 'linux', node: 18, extra: 2 }]);
  });

  it('adds a cell for an entry that only matches an excluded cell', () => {
    const matrix = { os: ['a', 'b'], exclude: [{ os: 'A' }], include: [{ x: 1, os: 'a' }] };
    expect(expand(matrix)).toEqual([{ os: 'b' }, { os: 'a', x: 1 }]);
  });
});

const numbers = (amount: number): number[] => [...Array(amount).keys()];

describe('readJobs: a matrix that GitHub refuses', () => {
  it.each([
    [
      'an exclude that names no axis',
      { os: ['a'], exclude: [{ node: 1 }] },
      /expected axes of the matrix \(os\) under 'exclude', and 'node' is none/,
    ],
    ['an exclude without axes', { exclude: [{ node: 1 }] }, /\(it has none\) under 'exclude'/],
    ['an empty exclude', { os: ['a'], exclude: [{}] }, /no empty map under 'exclude'/],
    ['an empty include', { os: ['a'], include: [{}] }, /no empty map under 'include'/],
    ['two axes that differ in case', { os: ['a'], OS: ['b'] }, /'os' or 'OS', not both/],
    ['an entry with two keys that differ in case', { include: [{ a: 1, A: 2 }] }, /'a' or 'A', not both/],
    ['a job with two keys that differ in case', [{ a: 1, A: 2 }], /'a' or 'A', not both/],
    ['a reserved key in another case', [{ Pool: 1 }], /a key other than 'Pool'/],
    [
      'one that needs more than 200,000 comparisons',
      { a: numbers(200), b: numbers(100), exclude: numbers(11).map((a) => ({ a })) },
      /expected a matrix of at most 256 jobs/,
    ],
  ])('is an error that names the input: %s', (_name, matrix, message) => {
    expect(() => read(matrix)).toThrow(/^Input 'jobs' is '/);
    expect(() => read(matrix)).toThrow(message);
  });
});

const leaves: readonly Value[] = [
  ...['a', 'A', 'b', '18', ' 18 ', '18.0', '1e1', '0x12', '', 'true', 'Infinity', '-1'],
  ...[18, 10, 1, 0, -1, 1.5, true, false, null],
];
const keys = ['a', 'A', 'b', 'B', '0', 'constructor'];

function randomValue(random: Random, depth: number): Value {
  const kind = depth === 0 ? 0 : random.number(4);
  if (kind < 2) return random.pick(leaves);
  const values = Array.from({ length: random.number(3) }, () => randomValue(random, depth - 1));
  if (kind === 2) return values;
  return Object.fromEntries(distinct(values.map((value) => [random.pick(keys), value] as const)));
}

/** Changes a value as a user might write it down differently: in another case or type, or only a part of it. */
function variant(random: Random, value: Value): Value {
  if (random.number(6) === 0) return randomValue(random, 1);
  if (Array.isArray(value)) return value.slice(0, random.number(3)).map((item) => variant(random, item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(() => random.number(3) > 0)
        .map(([key, item]) => [random.pick([key, key.toUpperCase()]), variant(random, item)]),
    );
  const forms = [value, String(value), String(value).toUpperCase(), Number(value) || 0];
  return random.pick(forms);
}

function distinct<T>(pairs: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...new Map(pairs.map((pair) => [pair[0].toUpperCase(), pair])).values()];
}

function randomMatrix(random: Random) {
  const names = ['os', 'Node', 'v'].slice(0, random.number(4));
  const axes = Object.fromEntries(
    names.map((name) => [name, Array.from({ length: 1 + random.number(3) }, () => randomValue(random, 2))]),
  );
  const entry = (others: readonly string[]) => {
    const known = names
      .filter(() => random.number(2) === 0)
      .map(
        (name) =>
          [random.pick([name, name.toUpperCase()]), variant(random, random.pick(axes[name]!))] as const,
      );
    const more = others
      .filter(() => random.number(2) === 0)
      .map((key) => [key, random.pick(leaves)] as const);
    return distinct([...known, ...more]);
  };
  const entries = (others: readonly string[]) =>
    Array.from({ length: random.number(4) }, () => entry(others)).filter(({ length }) => length > 0);
  const include = entries([random.pick(['x', 'X']), 'y']);
  return { axes, include, exclude: entries([]) };
}

describe('expandMatrix and GitHub', () => {
  it('gives the cells that GitHub gives, for random matrices', () => {
    const seen = { excluded: 0, extended: 0 };
    for (let seed = 1; seed <= 4000; seed += 1) {
      const { axes, include, exclude } = randomMatrix(createSeededRandom(seed));
      const pairs = (entries: (readonly [string, Value])[][]) =>
        entries.map((entry) => entry.map(([key, value]) => [key, value] as [string, Value]));
      const wanted = referenceCells(axes, pairs(include), pairs(exclude)).map((cell) =>
        Object.fromEntries(cell),
      );
      const objects = (entries: (readonly [string, Value])[][]) => entries.map((e) => Object.fromEntries(e));
      const matrix = { ...axes, include: objects(include), exclude: objects(exclude) };
      // The order of the cells and of their keys counts: GitHub makes the names of the jobs from it.
      const found = expand(matrix).map((cell) => JSON.stringify(cell));
      expect(found, `seed ${seed}: ${JSON.stringify(matrix)}`).toEqual(wanted.map((c) => JSON.stringify(c)));
      const plain = referenceCells(axes, [], []).length;
      if (referenceCells(axes, [], pairs(exclude)).length < plain) seen.excluded += 1;
      if (wanted.some((cell) => 'x' in cell && 'os' in cell)) seen.extended += 1;
    }
    // The matrices are of use only if their filters match often.
    expect(seen.excluded).toBeGreaterThan(500);
    expect(seen.extended).toBeGreaterThan(500);
  });
});
