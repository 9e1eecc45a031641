// Files of the largest allowed size. A file that takes minutes fails by the timeout of its test.
import { expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const many = (piece: string, count: number) => piece.repeat(count);
const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}:\n`).join('');
const environments = `environments: { ${Array.from({ length: 5000 }, (_, index) => `e${index}: {}`).join(', ')} }\n`;

it.each<[string, string, string]>([
  ['keys', keys, "1:1 found 'k0', expected one of version"],
  ['keys that are lists', many('? []\n', 60_000), '1:3 expected a key that is a plain text.'],
  ['one repeated key', many('a:\n', 60_000), '2:1 expected valid YAML (duplicate key'],
  ['tags', many('!x ', 150_000), '1:4 expected valid YAML (A node can have at most one tag).'],
  ['brackets', `a: ${many('[', 20_000)}`, ' expected valid YAML (it is nested too deeply).'],
  ['environments', environments, '1:15 environments: found '],
  ['digits', `cache: { max-age: ${many('1', 900_000)} }`, "1:19 cache.max-age: found '1111"],
])('reads a large file of %s in time', async (_name, text, expected) => {
  const [first = ''] = await problemsOf({ 'a.yml': text });
  expect(first).toContain(expected);
});

it('allows a heartbeat of exactly twice its interval', async () => {
  const text = 'pools:\n  a: { runs-on: x, heartbeat: { workflow: h.yml, every: 15m, max-age: 30m } }\n';
  expect(await problemsOf({ 'a.yml': text })).toEqual(['it is read']);
});
