// A schema with a wrong entry in it does not go on to the rules for the whole, but all mistakes are told at once.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { firstProblems, mapOf, readDocument, validate } from '../src/index.ts';
import { withoutEntries } from '../src/without-entries.ts';

/** Refuses odd numbers, once all values are numbers. */
const even = <T extends Record<string, number> | number[]>() =>
  v.rawTransform<T, string>(({ dataset, addIssue }) => {
    for (const [key, value] of Object.entries(dataset.value)) {
      const step = { type: 'object', origin: 'value', key: Array.isArray(dataset.value) ? Number(key) : key };
      if (value % 2 === 1) addIssue({ message: 'an even number', input: value, path: [step] as never });
    }
    return 'read';
  });
const schema = v.strictObject({
  map: v.optional(v.pipe(mapOf(v.string(), v.number('a number')), even())),
  list: v.optional(v.pipe(v.array(v.number('a number')), even())),
  whole: v.optional(v.strictObject({ needed: v.number('a number') })),
});

function problems(text: string): string[] {
  const found = validate(readDocument(text, 'a.yml'), schema);
  return found.ok
    ? []
    : found.problems.map(({ column, path, expected }) => `${column} ${path.join('.')}: ${expected}`);
}

describe('all mistakes of a file', () => {
  it('are told where an entry of a map hides those of the whole', () => {
    expect(problems('map: { a: 1, b: x, c: 2, d: 3 }\n')).toEqual([
      '11 map.a: an even number',
      '17 map.b: a number',
      '29 map.d: an even number',
    ]);
  });

  it('are told at the right items of a list', () => {
    expect(problems('list: [x, 2, 1, y, 3]\n')).toEqual([
      '8 list.0: a number',
      '14 list.2: an even number',
      '17 list.3: a number',
      '20 list.4: an even number',
    ]);
  });

  it('are told once, and none that only the search for them makes', () => {
    expect(problems('whole: { needed: x }\nmap: { a: 1 }\n')).toEqual([
      '18 whole.needed: a number',
      '11 map.a: an even number',
    ]);
  });
});

it('keeps what is no section', () => {
  const { value } = withoutEntries({ text: 'x', none: null, map: { a: 1, b: 2 } }, [
    ['text', 'x'],
    ['none', 0],
    ['map', 'a'],
  ]);
  expect(value).toEqual({ text: 'x', none: null, map: { b: 2 } });
});

it('shows the first problems, and says how many others there are', () => {
  const place = { file: 'a.yml', column: 1, path: [], found: undefined, expected: 'x' };
  const all = Array.from({ length: 25 }, (_, index) => ({ ...place, line: index + 1 }));
  expect(firstProblems(all.slice(0, 20))).toHaveLength(20);
  expect(firstProblems(all).slice(19)).toEqual([
    { ...place, line: 20 },
    { ...place, line: 21, expected: 'no more mistakes; 5 more are not shown' },
  ]);
});
