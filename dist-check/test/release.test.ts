import { describe, expect, it } from 'vitest';
import { releasePage, withNames } from '../release/pages.ts';
import { layersOf, placeholder, type Template, fillTemplate } from '../release/workflows.ts';

const release = { repository: 'acme/ci', ref: 'v2.1.0', source: 'abc' };
const shipped = new Map([
  ['actions/one/README.md', 'one/README.md'],
  ['actions/two/README.md', 'two/README.md'],
  ['LICENSE', 'LICENSE'],
]);

function page(text: string): string {
  return releasePage(text, 'actions/one/README.md', 'one/README.md', shipped, release);
}

describe('a page in a release', () => {
  it.each([
    ['[b](../two/README.md)', '[b](../two/README.md)'],
    ['[b](../two/README.md#limits)', '[b](../two/README.md#limits)'],
    ['[l](../../LICENSE)', '[l](../LICENSE)'],
    ['[c](../../docs/x.md#y)', '[c](https://github.com/acme/ci/blob/abc/docs/x.md#y)'],
    ['![p](../../docs/x.png)', '![p](https://github.com/acme/ci/raw/abc/docs/x.png)'],
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
    ['uses: actions/checkout@v1', 'uses: actions/checkout@v1'],
  ])('changes the reference %s to %s', (before, after) => expect(withNames(before, release)).toBe(after));
});

function template(name: string, ...calls: string[]): Template {
  const path = (called: string) => `.github/workflows/${called}.yml`;
  const text = calls.map((called) => `uses: org/runner-actions/${path(called)}@${placeholder}`).join('\n');
  return { path: path(name), text, calls: calls.map(path) };
}

describe('the workflows of a release', () => {
  it('are sorted into layers, each of which calls only workflows in earlier layers', () => {
    const [a, b, c, d] = [template('a', 'c'), template('b'), template('c', 'b'), template('d')];
    expect(layersOf([a, b, c, d])).toEqual([[b, d], [c], [a]]);
  });

  it.each([
    ['workflows that call each other in a cycle', [template('a', 'b'), template('b', 'a')]],
    ['a workflow that does not exist', [template('a', 'gone')]],
  ])('are rejected if they contain %s', (_what, templates) => {
    expect(() => layersOf(templates)).toThrow('.github/workflows/a.yml');
  });

  it('refer to actions and workflows by commit, with the tag in a comment', () => {
    const text = `- uses: org/runner-actions/one@${placeholder} # a release writes its commit here\n${template('', 'b').text}\n`;
    const commits = new Map([
      ['', 'AAA'],
      ['.github/workflows/b.yml', 'BBB'],
    ]);
    const actions = new Map([['one/action.yml', Buffer.from('')]]);
    expect(fillTemplate({ ...template('a'), text }, release, actions, commits)).toBe(
      '- uses: acme/ci/one@AAA # v2.1.0\nuses: acme/ci/.github/workflows/b.yml@BBB # v2.1.0\n',
    );
  });

  it('cannot refer to an action that does not exist', () => {
    const text = `- uses: org/runner-actions/gone@${placeholder}`;
    expect(() => fillTemplate({ ...template('a'), text }, release, new Map(), new Map([['', 'A']]))).toThrow(
      'a.yml refers to gone',
    );
  });
});
