import { describe, expect, it } from 'vitest';
import { addressOn, releasePage, withNames } from '../release/pages.ts';
import { tagsOf } from '../release/version.ts';
import { layersOf, placeholder, type Template, fillTemplate } from '../release/workflows.ts';

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

describe('the tags of a release', () => {
  it.each([
    ['0.1.0', 'v1', ['v0.1.0', 'v1']],
    ['1.2.3', 'v1', ['v1.2.3', 'v1']],
    ['1.2.3', 'v1.2', ['v1.2.3', 'v1.2']],
    ['1.2.3', 'v1.2.3', ['v1.2.3']],
    ['2.0.0-next.1', 'v2', ['v2.0.0-next.1', 'v2']],
    ['1.2.3', 'next', ['v1.2.3', 'next']],
  ])('of %s with the ref %s are %j', (version, ref, tags) => expect(tagsOf(version, ref)).toEqual(tags));

  it.each([
    ['1.2.3', 'v2'],
    ['1.2.3', 'v1.1'],
    ['1.20.3', 'v1.2'],
    ['10.0.0', 'v1'],
  ])('of %s cannot have the ref %s', (version, ref) =>
    expect(() => tagsOf(version, ref)).toThrow(`--ref ${ref} does not fit the version ${version}`),
  );
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
