import { describe, expect, it } from 'vitest';
import { readMarkup } from '../release/markdown.ts';
import { addressOn, releasePage, withNames } from '../release/pages.ts';

const release = { repository: 'acme/ci', ref: 'v2.1.0', source: 'abc' };
const shipped = new Map([
  ['actions/two/README.md', '../two/README.md'],
  ['LICENSE', '../LICENSE'],
]);

function page(text: string): string {
  return releasePage(text, 'actions/one/README.md', (path) => shipped.get(path), release);
}

describe('a page in a release', () => {
  it.each([
    ['[b](../two/README.md)', '[b](../two/README.md)'],
    ['[b](../two/README.md#limits)', '[b](../two/README.md#limits)'],
    ['[l](../../LICENSE)', '[l](../LICENSE)'],
    ['[c](../../docs/x.md#y)', '[c](https://github.com/acme/ci/blob/abc/docs/x.md#y)'],
    ['![p](../../docs/x.png)', '![p](https://github.com/acme/ci/raw/abc/docs/x.png)'],
    [
      '[![p](../../docs/x.png)](../two/README.md)',
      '[![p](https://github.com/acme/ci/raw/abc/docs/x.png)](../two/README.md)',
    ],
    ['[l](../../LICENSE "text")', '[l](../LICENSE "text")'],
    ['[l]: ../../LICENSE "text"', '[l]: ../LICENSE "text"'],
    ['<a href="../../docs/x.md#y">', '<a href="https://github.com/acme/ci/blob/abc/docs/x.md#y">'],
    [
      '<img width="9" src="../../docs/x.svg">',
      '<img width="9" src="https://github.com/acme/ci/raw/abc/docs/x.svg">',
    ],
    ['[here](#limits), [there](https://example.com/x)', '[here](#limits), [there](https://example.com/x)'],
  ])('changes the link %s to %s', (before, after) => expect(page(before)).toBe(after));

  it('does not contain the sections for clones of the source', () => {
    expect(page('a\n\n<!-- source only -->\nnpm ci\n<!-- /source only -->\n\nb\n')).toBe('a\n\nb\n');
  });

  it.each([
    ['uses: org/runner-actions/actions/one@v1', 'uses: acme/ci/one@v2.1.0'],
    ['uses: org/runner-actions/one/restore@v1 # x', 'uses: acme/ci/one/restore@v2.1.0 # x'],
    ['uses: org/runner-actions/.github/workflows/a.yml@v1', 'uses: acme/ci/.github/workflows/a.yml@v2.1.0'],
    [
      'https://raw.githubusercontent.com/org/runner-actions/v1/docs/x.json',
      'https://raw.githubusercontent.com/acme/ci/v2.1.0/docs/x.json',
    ],
    ['uses: org/runner-actions@v1', 'uses: acme/ci@v2.1.0'],
    ['uses: actions/checkout@v1', 'uses: actions/checkout@v1'],
    ['uses: org/runner-actions-mirror@v1', 'uses: org/runner-actions-mirror@v1'],
    ['uses: my-org/runner-actions/one@v1', 'uses: my-org/runner-actions/one@v1'],
    ['org/runner-actions.io', 'org/runner-actions.io'],
    ['git clone https://github.com/org/runner-actions.git', 'git clone https://github.com/acme/ci.git'],
    ['See org/runner-actions.', 'See acme/ci.'],
    ['uses: org/runner-actions@v1.2.0', 'uses: acme/ci@v1.2.0'],
    ['uses: org/runner-actions@v10', 'uses: acme/ci@v10'],
  ])('changes the reference %s to %s', (before, after) => expect(withNames(before, release)).toBe(after));
});

describe("a page in an action's own repository", () => {
  const mirror = { name: 'one', repository: 'org/runner-actions-one' };

  it.each([
    ['uses: org/runner-actions/one@v1', 'uses: org/runner-actions-one@v2.1.0'],
    ['uses: org/runner-actions/actions/one@v1', 'uses: org/runner-actions-one@v2.1.0'],
    ['uses: org/runner-actions/one/restore@v1', 'uses: org/runner-actions-one/restore@v2.1.0'],
    ['uses: org/runner-actions/one-more@v1', 'uses: acme/ci/one-more@v2.1.0'],
    ['uses: org/runner-actions@v1', 'uses: acme/ci@v2.1.0'],
    ['uses: org/runner-actions/.github/workflows/a.yml@v1', 'uses: acme/ci/.github/workflows/a.yml@v2.1.0'],
    ['/org/runner-actions/v1/docs/x.json', '/acme/ci/v2.1.0/docs/x.json'],
  ])('has the name of that repository for its own action only: %s', (before, after) =>
    expect(withNames(before, { ...release, mirror })).toBe(after),
  );

  it('can have absolute links, to files as pages and to images as files', () => {
    const text = '[b](../two/README.md#limits) ![p](p.png) [here](#limits)';
    const converted = releasePage(
      text,
      'actions/one/README.md',
      (path, view) => addressOn('acme/one', view, 'v1', path),
      { ...release, mirror },
    );
    expect(converted).toBe(
      '[b](https://github.com/acme/one/blob/v1/actions/two/README.md#limits) ![p](https://github.com/acme/one/raw/v1/actions/one/p.png) [here](#limits)',
    );
  });
});

const docs = 'https://github.com/acme/ci/blob/abc/docs';
const raw = 'https://github.com/acme/ci/raw/abc/docs';

describe('a link of a page in a release', () => {
  it.each([
    ['in angle brackets', '[l](<../../LICENSE>)', '[l](../LICENSE)'],
    ['with spaces', '[x](<../../docs/x y.md#z> "t")', `[x](${docs}/x%20y.md#z "t")`],
    ['with encoded spaces', '[x](../../docs/x%20y.md)', `[x](${docs}/x%20y.md)`],
    ['with parentheses', '[x](../../docs/x(y).md)', `[x](${docs}/x%28y%29.md)`],
    ['with two number signs', '[x](../../docs/x.md#a#b)', `[x](${docs}/x.md#a#b)`],
    ['with a query', '[x](../../docs/x.md?plain=1#L2)', `[x](${docs}/x.md?plain=1#L2)`],
    ['from the root of the repository', '[x](/docs/x.md)', `[x](${docs}/x.md)`],
    ['over two lines', '[a\nb](../../docs/x.md\n"t")', `[a\nb](${docs}/x.md\n"t")`],
    ['in a table', '| a |\n| - |\n| [x](/docs/x.md) |', `| a |\n| - |\n| [x](${docs}/x.md) |`],
    ['in a quoted list', '> - [x](/docs/x.md)', `> - [x](${docs}/x.md)`],
    ['as a definition in angle brackets', '[x]: </docs/x y.md>', `[x]: ${docs}/x%20y.md`],
    ['as a definition over two lines', '[x]:\n  /docs/x.md', `[x]:\n  ${docs}/x.md`],
    ['in a footnote', 'a[^1]\n\n[^1]: [x](/docs/x.md)', `a[^1]\n\n[^1]: [x](${docs}/x.md)`],
    [
      'in the second paragraph of a footnote',
      '[^1]: one\n\n    [x](/docs/x.md)\n\n    [y](/docs/y.md)\n',
      `[^1]: one\n\n    [x](${docs}/x.md)\n\n    [y](${docs}/y.md)\n`,
    ],
    ['in single quotes', "<a title='t' href='/docs/x.md'>x</a>", `<a title='t' href='${docs}/x.md'>x</a>`],
    ['without quotes', '<a href=/docs/x.md>x</a>', `<a href=${docs}/x.md>x</a>`],
    [
      'in other attributes',
      '<q cite="/docs/x.md"><img longdesc="/docs/y.md">',
      `<q cite="${docs}/x.md"><img longdesc="${docs}/y.md">`,
    ],
    ['in capitals', '<IMG SRC = "/docs/x.PNG">', `<IMG SRC = "${raw}/x.PNG">`],
    [
      'in a srcset',
      '<source srcset="/docs/a.png 1x, /docs/b,c.png 2x, https://a.test/x.png">',
      `<source srcset="${raw}/a.png 1x, ${raw}/b,c.png 2x, https://a.test/x.png">`,
    ],
    ['in a srcset of one file', "<source srcset='/docs/a.png'>", `<source srcset='${raw}/a.png'>`],
    ['in an HTML block', '<p>\n<a href="/docs/x.md">\n</p>', `<p>\n<a href="${docs}/x.md">\n</p>`],
  ])('is converted %s', (_what, before, after) => expect(page(before)).toBe(after));

  it.each([
    '`[a](b.md)`',
    '``<a href="b.md">``',
    '```md\n[a](b.md)\n[l]: b.md\n```',
    '~~~\n<!-- source only -->\n~~~',
    '    [a](b.md)',
    '<!-- [a](b.md) -->',
    'a[^1]\n\n[^1]: note.md',
    '[a](b c.md)',
    '\\[a](b.md)',
    '<p>\n[a](b.md)\n</p>',
    '| a | b |\n| - | - |\n| [a | b](b.md) |',
    '<a title="href=b.md">',
    '<a data-href="b.md">',
    '[a](//example.com/x) <a@example.com> [b](#x#y) [c]()',
    '*odd*   space,\r\n* and `list`  \r\n',
  ])('is left alone where GitHub shows none, or one that stays right: %j', (text) => {
    expect(page(text)).toBe(text);
  });

  it.each([
    ['[a](b\\_c.md)', 'the link to b\\_c.md cannot be converted: it has an escaped character'],
    ['<a href="b.md?x&amp;y">', 'the link to b.md?x&amp;y cannot be converted: it has an escaped character'],
    ['[a](100%.md)', 'the link to 100%.md cannot be converted: it has a %'],
    ['[a](../../../b.md)', 'the link to ../../../b.md cannot be converted: it leads out of the repository'],
    ['<!-- source only -->', '<!-- source only --> has no end'],
    ['<!-- /source only -->', '<!-- /source only --> has no begin'],
    ['<!-- source only -->\n\n<!-- source only -->', '<!-- source only --> has no end'],
  ])('stops the assembly with the page and the line if it cannot be converted: %j', (text, message) => {
    const section = 'a\n<!-- source only -->\n\n[x](b\\_c.md)\n<!-- /source only -->\n\n';
    const line = 7 + (text.match(/\n/g)?.length ?? 0);
    expect(() => page(section + text)).toThrow(`actions/one/README.md:${line}: ${message}`);
  });

  it('is found at the place where it is written', () => {
    const text = '[a](<b c>) `[d](e)`\n<img src=f srcset="g, h 2x">';
    const { addresses, code } = readMarkup(text);
    expect(addresses.map(({ from, to, text: written }) => [text.slice(from, to), written])).toEqual([
      ['<b c>', 'b c'],
      ...['f', 'g', 'h'].map((one) => [one, one]),
    ]);
    expect(code.map(({ from, to }) => text.slice(from, to))).toEqual(['`[d](e)`']);
  });
});
