import { describe, expect, it } from 'vitest';
import { tagsOf } from '../release/version.ts';
import { layersOf, placeholder, type Template, fillTemplate } from '../release/workflows.ts';

const release = { repository: 'acme/ci', ref: 'v2.1.0', source: 'abc' };
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
