import { expect, it } from 'vitest';
import { readDocument } from '../src/index.ts';

it.each<[string, string]>([
  ['node: >=3\n', "put a text that begins with '>' or '|' in quotes, such as '>=3'"],
  ['a: { node: >=3 }\n', "put a text that begins with '>', such as '>=3', in quotes"],
  ['node: @20\n', "put a text that begins with '@' in quotes"],
  ['node: *\n', "put a text that begins with '*' in quotes"],
  ['node: !=3\n', "put a text that begins with '!' in quotes"],
  ['node: [1.0,2.0)\n', "an interval such as [1.0,2.0) is written '>=1.0 <2.0', in quotes"],
  ['a:\n  node: [1.0, 2.0)\n  go: 1\n', "an interval such as [1.0,2.0) is written '>=1.0 <2.0', in quotes"],
  ['a: { node: [,2.0) }\n', "an interval such as [1.0,2.0) is written '>=1.0 <2.0', in quotes"],
])('says what to write instead of %j', (text, hint) => {
  expect(readDocument(text, 'a.yml').problems[0]?.expected).toContain(`; ${hint})`);
});

it.each(['a: [1, 2\n', 'a: "x\n', 'a: { b: (1,2) }}\n'])('gives no hint for %j', (text) => {
  expect(readDocument(text, 'a.yml').problems[0]?.expected).not.toContain(';');
});
