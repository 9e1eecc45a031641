// A message quotes at most 80 characters of a file in one piece, since a link may name a file of somebody else.
import { describe, expect, it } from 'vitest';
import { describePath, describeProblem, readDocument } from '../src/index.ts';
import { problemsOf } from './problems-of.ts';

const long = 's3cret'.repeat(30);
const quoted = /(?:s3cret){14}/;

describe('a long text of a file is cut', () => {
  it.each<[string, string]>([
    ['a key', `${long}: 1\n`],
    ['a value', `pools: ${long}\n`],
    ['a key on the way to a value', `environments: { ${long}: { pools: 1 } }\n`],
    ['an alias', `pools: *${long}\n`],
    ['a tag', `pools: !${long} x\n`],
    ['a handle of a tag', `pools: !${long}!x x\n`],
    ['a directive', `%YAML ${long}\n---\npools: 1\n`],
    ['another directive', `%${long} x\n---\npools: 1\n`],
    ['an escape', `pools: "\\q${long}"\n`],
    ['a token', `pools: "a" ${long}\n`],
    ['a text over several lines', `${long}\n${long}: 1\n`],
    ['a file that it extends', `extends: ./${long}.yml\n`],
  ])('in the message about %s', async (_name, text) => {
    const problems = await problemsOf({ 'a.yml': text });
    expect(problems[0]).toContain('expected');
    for (const problem of problems) expect(problem).not.toMatch(quoted);
  });

  it('in a path and in a hint', () => {
    expect(describePath(['tools', long, 0])).toMatch(/^tools\.(?:s3cret){12}.*\.\.\.\[0\]$/);
    const problem = { file: 'a', line: 1, column: 1, path: [], found: undefined };
    expect(describeProblem({ ...problem, expected: `\`>=${long}\`, or \`b\`` })).toMatch(
      /^expected `>=(?:s3cret){12}.*\.\.\.`, or `b`\.$/,
    );
  });
});

it('says in full what is wrong with a key that is too long', () => {
  const [problem] = readDocument(`{ ${'k'.repeat(1100)}\n: 1 }\n? ${'k'.repeat(1100)} : 1`, 'a').problems;
  expect(problem?.expected.length).toBeLessThan(200);
});
