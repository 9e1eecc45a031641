import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { describeProblem, closestName, readDocument, textSchema, validate } from '../src/index.ts';

const schema = v.strictObject({
  version: v.literal(1, '1'),
  name: v.optional(textSchema),
  tools: v.optional(
    v.record(
      v.string(),
      v.union([
        textSchema,
        v.strictObject({ version: textSchema, severity: v.optional(v.picklist(['warn', 'error'])) }),
      ]),
    ),
  ),
  files: v.optional(
    v.array(
      v.strictObject({
        path: v.string(),
        sha256: v.optional(v.pipe(textSchema, v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'))),
      }),
    ),
  ),
  strict: v.optional(v.boolean()),
});

function places(source: string): string[] {
  const result = validate(readDocument(source, 'a.yml'), schema);
  return result.ok ? [] : result.problems.map(({ line, column }) => `${line}:${column}`);
}

const bomb = `a: &a [x, x]\n${'bcdefgh'
  .split('')
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(', ')}]\n`)
  .join('')}`;

describe('positions of problems', () => {
  it.each<[string, string, string[]]>([
    ['a duplicate key', 'version: 1\nname: a\nname: b\n', ['3:1']],
    ['a nested duplicate', 'version: 1\ntools:\n  node: 1\n  node: 2\n', ['4:3']],
    ['a tab', 'version: 1\ntools:\n\tnode: 1\n', ['3:1']],
    ['a quote that is not closed', 'version: 1\nname: "abc\n', ['3:1']],
    ['a list that is not closed', 'version: 1\nfiles: [a\n', ['3:1']],
    ['two documents', 'version: 1\n---\nversion: 1\n', ['2:1']],
    ['an unknown tag', 'version: !!js 1\n', ['1:10']],
    ['an unknown alias', 'version: 1\nname: *x\n', ['2:7']],
    ['an alias of itself', 'version: 1\nname: &x [*x]\n', ['2:10']],
    ['an alias bomb', bomb, ['3:8']],
    ['a wrong version', 'version: 2\n', ['1:10']],
    ['a missing version', 'name: a\n', ['1:1']],
    ['an empty document', '', ['1:1']],
    ['a list at the root', '- 1\n', ['1:1']],
    ['an unknown key', 'version: 1\ntoolz:\n  a: 1\n', ['2:1']],
    ['two unknown keys', 'version: 1\nx: 1\ny: 2\n', ['2:1', '3:1']],
    ['an unknown key of a union', 'version: 1\ntools:\n  node: { version: 20, sevrity: warn }\n', ['3:24']],
    ['a wrong choice', 'version: 1\ntools:\n  node:\n    version: 20\n    severity: fatal\n', ['5:15']],
    ['a missing key in a list', 'version: 1\nfiles:\n  - sha256: x\n', ['3:5', '3:13']],
    ['a short digest of digits', `version: 1\nfiles:\n  - path: a\n    sha256: 012345e6\n`, ['4:13']],
    ['a map instead of a list', 'version: 1\nfiles:\n  path: a\n', ['3:3']],
    ['a text for a boolean', 'version: 1\nstrict: "yes"\n', ['2:9']],
    ['no value for a boolean', 'version: 1\nstrict:\n', ['2:1']],
    ['several problems', 'version: 2\nstrict: 1\nz: 1\n', ['1:10', '2:9', '3:1']],
    ['a list instead of a tool', 'version: 1\ntools:\n  node: [1]\n', ['3:9']],
    ['a prototype key', 'version: 1\n__proto__: 1\n', ['2:1']],
    ['over 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, ['1:1']],
  ])('%s', (_name, source, expected) => expect(places(source)).toEqual(expected));
});

describe('readDocument', () => {
  it('keeps the written text of numbers whose text would change', () => {
    const { value } = readDocument(
      'a: 1.10\nb: 0755\nc: 012345e6\nd: 20\ne: true\nf: "20"\ng: 0x1F\nh: 1e3\n',
      'a',
    );
    expect(value).toEqual({
      a: '1.10',
      b: '0755',
      c: '012345e6',
      d: 20,
      e: true,
      f: '20',
      g: '0x1F',
      h: '1e3',
    });
  });
  it('returns the typed value after validation', () => {
    const result = validate(readDocument('version: 1\ntools: &t { node: 20 }\n', 'a'), schema);
    expect(result).toEqual({ ok: true, value: { version: 1, tools: { node: '20' } } });
  });
});

describe('describeProblem', () => {
  it('names the found text, the expected values and the nearest key', () => {
    const result = validate(readDocument('version: 1\ntols: {}\n', 'a.yml'), schema);
    const [problem] = result.ok ? [] : result.problems;
    expect(problem && describeProblem(problem)).toBe(
      "found 'tols', expected one of version, name, tools, files, strict. Did you mean 'tools'?",
    );
  });
  it.each([
    ['sha', 'sha256'],
    ['SHA', 'sha256'],
    ['md', undefined],
    ['hash', undefined],
    ['pth', 'path'],
    ['paht', 'path'],
  ])('takes %s for %s', (name, expected) => expect(closestName(name, ['path', 'sha256'])).toBe(expected));
  it('suggests no key that is too different', () =>
    expect(closestName('qqqq', ['tools', 'files'])).toBeUndefined());
});

it('reads a large file of keys quickly, and reports each duplicate key', () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}:\n`).join('');
  expect(readDocument(keys, 'a.yml').problems).toEqual([]);
  const twice = readDocument('a: 1\nb: 1\na: 2\nb: 2\n', 'a.yml').problems;
  expect(twice.map(({ line, expected }) => [line, expected])).toEqual([
    [3, 'valid YAML (duplicate key; remove one of them)'],
    [4, 'valid YAML (duplicate key; remove one of them)'],
  ]);
});
