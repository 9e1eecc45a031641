import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { mapOf } from '../src/index.ts';
import { problemsOf } from './problems-of.ts';

const keys = ['constructor', 'prototype', '__proto__', 'toString', 'a'];
const word = v.pipe(v.string(), v.regex(/^\w+$/, 'a word'));
const schema = mapOf(word, v.pipe(v.number('a number'), v.minValue(1, 'a number from 1')));

describe('a map', () => {
  it.each(keys)('keeps the key %s', (key) => {
    const { output } = v.safeParse(schema, JSON.parse(`{"${key}": 1}`));
    expect(Object.entries(output as object)).toEqual([[key, 1]]);
  });

  it('has no value under a key that nobody wrote', () => {
    const { output } = v.safeParse(schema, { a: 1 });
    expect((output as Record<string, number>)['constructor']).toBeUndefined();
  });

  it.each(keys)('validates the value of %s', (key) => {
    const { issues } = v.safeParse(schema, JSON.parse(`{"${key}": 0}`));
    expect(issues).toMatchObject([{ message: 'a number from 1', path: [{ key, origin: 'value' }] }]);
  });

  it('gives each issue the path of its key or value', () => {
    const { issues, success } = v.safeParse(schema, { 'a b': 1, c: 'x' });
    expect(success).toBe(false);
    expect(issues).toMatchObject([
      { message: 'a word', path: [{ key: 'a b', origin: 'key' }] },
      { message: 'a number', path: [{ key: 'c', origin: 'value' }] },
    ]);
  });

  it.each([[[1]], ['text'], [null], [1]])('is not %j', (input) => {
    expect(v.safeParse(schema, input).issues).toMatchObject([{ type: 'record', expected: 'Object' }]);
  });
});

it.each(['pools', 'classes', 'environments'])('%s of the configuration loses no name', async (section) => {
  expect((await problemsOf({ 'a.yml': `${section}: { constructor: { colour: red } }\n` })).join()).toContain(
    `${section}.constructor`,
  );
});
