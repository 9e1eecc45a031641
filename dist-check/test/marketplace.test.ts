import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { marketplaceProblems } from '../release/marketplace.ts';

const metadata = {
  name: 'Count sheep by Acme',
  description: 'Counts sheep',
  branding: { icon: 'moon', color: 'gray-dark' },
};

/** Returns the problems of a repository. @param changes keys of its `action.yml`, and files, that differ */
function problems(changes: object = {}, files: Record<string, string | undefined> = {}): string[] {
  const all = { 'action.yml': stringify({ ...metadata, ...changes }), 'README.md': '# Sheep', ...files };
  const tree = Object.entries(all).flatMap(([path, text]) =>
    text === undefined ? [] : [[path, Buffer.from(text)] as const],
  );
  return marketplaceProblems(new Map([['acme/sheep', new Map(tree)]]));
}

describe('a repository for the Marketplace', () => {
  it('may also have actions in folders, and links within its README and to other sites', () => {
    const readme =
      '[a](#limits) [b](https://example.com) ![c](https://example.com/c.png) [d](mailto:a@example.com)';
    const files = { 'README.md': readme, 'restore/action.yml': 'name: x', '.github/CODEOWNERS': '' };
    expect(problems({ description: 'x'.repeat(124) }, files)).toEqual([]);
  });

  it.each([
    [
      'no action.yml at its root',
      {},
      { 'action.yml': undefined, 'sub/action.yml': '' },
      'it has no action.yml at its root',
    ],
    ['two metadata files at its root', {}, { 'action.yaml': '' }, 'action.yml: action.yaml exists too'],
    ['no name', { name: undefined }, {}, 'action.yml: it has no name'],
    ['a name with a colon', { name: 'Acme: sheep' }, {}, "action.yml: the name 'Acme: sheep' has a colon"],
    [
      'the name of a category',
      { name: 'Code Review' },
      {},
      "action.yml: the name 'Code Review' is that of a category",
    ],
    ['no description', { description: undefined }, {}, 'action.yml: the description has 0 characters'],
    [
      'a description of 125 characters',
      { description: 'x'.repeat(125) },
      {},
      'action.yml: the description has 125 characters',
    ],
    [
      'no branding',
      { branding: undefined },
      {},
      "action.yml: the icon '' is none",
      "action.yml: the color '' is none",
    ],
    [
      'an icon that GitHub omits',
      { branding: { icon: 'coffee', color: 'red' } },
      {},
      "action.yml: the icon 'coffee' is none",
    ],
    [
      'an icon of a brand',
      { branding: { icon: 'github', color: 'red' } },
      {},
      "action.yml: the icon 'github' is none",
    ],
    [
      'another color',
      { branding: { icon: 'moon', color: 'pink' } },
      {},
      "action.yml: the color 'pink' is none",
    ],
    ['no README', {}, { 'README.md': undefined }, 'README.md is missing or empty'],
    ['an empty README', {}, { 'README.md': '\n' }, 'README.md is missing or empty'],
    [
      'a relative link',
      {},
      { 'README.md': '[a](docs/a.md "A")' },
      'README.md: the link to docs/a.md leads nowhere',
    ],
    [
      'a relative image',
      {},
      { 'README.md': '[![a](a.png)](https://x.test)' },
      'README.md: the link to a.png leads nowhere',
    ],
    [
      'a relative link at the end',
      {},
      { 'README.md': 'See [a].\n\n[a]: a.md' },
      'README.md: the link to a.md leads nowhere',
    ],
    [
      'a relative link in HTML',
      {},
      { 'README.md': '<img src="a.png">' },
      'README.md: the link to a.png leads nowhere',
    ],
    [
      'a workflow',
      {},
      { '.github/workflows/ci.yml': '' },
      '.github/workflows/ci.yml: a repository with workflows is not listed',
    ],
  ])('is rejected if it has %s', (_what, changes, files, ...messages) => {
    expect(problems(changes, files)).toEqual(
      messages.map((message) => expect.stringContaining(`acme/sheep: ${message}`) as string),
    );
  });

  it('is rejected if another one has the same name in the address of its listing', () => {
    const tree = (name: string) =>
      new Map([
        ['action.yml', Buffer.from(stringify({ ...metadata, name }))],
        ['README.md', Buffer.from('# Sheep')],
      ]);
    const both = new Map([
      ['acme/one', tree('Count sheep')],
      ['acme/two', tree('count-Sheep')],
    ]);
    expect(marketplaceProblems(both)).toEqual([
      "acme/two: action.yml: the name 'count-Sheep' is also that of acme/one. Change one of them.",
    ]);
  });
});
