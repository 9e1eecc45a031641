import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listActions, root } from '../actions.ts';
import { misplacedExpressions } from '../metadata.ts';
import { archiveLimit, assemble } from '../release/assemble.ts';
import { commit, git, initialize } from '../release/git.ts';
import { placeholder } from '../release/workflows.ts';

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'release-'));
}

/** Returns all files of a folder, except those in .git. */
function contents(path: string): Map<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !file.startsWith(join(path, '.git/')))
      .map((file) => [file.slice(path.length + 1), readFileSync(file, 'latin1')]),
  );
}

const call = 'on: { workflow_call: }\njobs: { a: { uses: ';
const files = {
  LICENSE: 'MIT',
  'README.md': 'org/runner-actions/one@v1, [one](actions/one/README.md)',
  'docs/schema/s.json': '{}',
  'actions/one/action.yml': 'runs: { main: dist/main.js, post: dist/post.js }',
  'actions/one/README.md': 'one',
  'actions/one/package.json': '{}',
  'actions/one/src/main.ts': '',
  'actions/one/test/action.yml': 'runs: { main: no.js }',
  'actions/one/dist/main.js': 'main',
  'actions/one/dist/post.js': 'post',
  'actions/one/dist/main.js.map': 'map',
  'actions/one/restore/action.yml': 'runs: { main: ../dist/main.js }',
  '.github/workflows/ci.yml': 'on: push',
  '.github/workflows/inner.yml': `${call}org/runner-actions/one@${placeholder} } }`,
  '.github/workflows/outer.yml': `${call}org/runner-actions/.github/workflows/inner.yml@${placeholder} } }`,
};

/** Creates a repository with a small source tree. */
function makeSource(more: Record<string, string> = {}): string {
  const path = folder();
  initialize(path);
  const tree = Object.entries({ ...files, ...more }).map(
    ([name, text]) => [name, Buffer.from(text)] as const,
  );
  commit(path, new Map(tree), 'all', '2026-01-02T03:04:05Z');
  return path;
}

const names = { repository: 'acme/ci', ref: 'v3' };

describe('assemble', () => {
  it('writes only the files for users, and gives the same commits when repeated', () => {
    const source = makeSource();
    const [one, other] = [join(folder(), 'one'), folder()];
    const first = assemble(source, one, names);
    expect([...contents(one).keys()].sort()).toEqual([
      '.github/workflows/inner.yml',
      '.github/workflows/outer.yml',
      'LICENSE',
      'README.md',
      'docs/schema/s.json',
      'one/README.md',
      'one/action.yml',
      'one/dist/main.js',
      'one/dist/post.js',
      'one/restore/action.yml',
    ]);
    expect(contents(one).get('README.md')).toBe('acme/ci/one@v3, [one](one/README.md)');
    // The hash of a commit covers every file, its date and its parents.
    expect(assemble(source, other, names)).toEqual(first);
    expect(contents(other)).toEqual(contents(one));
  });

  it('refers to actions and workflows by the commits that contain them, and tags the last commit', () => {
    const out = folder();
    const { commits } = assemble(makeSource(), out, names);
    expect(commits).toHaveLength(3);
    const [actions = '', inner = '', last] = commits;
    expect(git(out, ['rev-parse', 'v3'])).toBe(last);
    const text = (name: string) => contents(out).get(`.github/workflows/${name}`);
    expect(text('inner.yml')).toContain(`acme/ci/one@${actions} # v3`);
    expect(text('outer.yml')).toContain(`acme/ci/.github/workflows/inner.yml@${inner} # v3`);
    expect(git(out, ['ls-tree', '-r', '--name-only', actions])).not.toContain('.github');
    expect(git(out, ['show', `${inner}:.github/workflows/inner.yml`])).toContain(actions);
  });

  it('names the source commit and local changes in the commit message', () => {
    const source = makeSource();
    const message = () => {
      const out = folder();
      assemble(source, out, names);
      return git(out, ['show', '--no-patch', '--format=%B', 'v3']);
    };
    expect(message()).toMatch(/^Workflows of v3\n\nSource: [0-9a-f]{40}$/);
    writeFileSync(join(source, 'actions/one/dist/main.js'), 'built again');
    expect(message()).not.toContain('changes');
    writeFileSync(join(source, 'README.md'), 'edited');
    expect(message()).toContain('with local changes');
  });

  it('rejects a missing script, and a folder that is not empty', () => {
    const broken = makeSource({ 'actions/one/save/action.yml': 'runs: { main: ../dist/save.js }' });
    expect(() => assemble(broken, folder(), names)).toThrow('one/save/action.yml names ../dist/save.js');
    const out = folder();
    writeFileSync(join(out, 'mine'), '');
    expect(() => assemble(makeSource(), out, names)).toThrow('is not empty');
    expect(readdirSync(out)).toEqual(['mine']);
  });
});

describe('a release of this project', () => {
  const out = folder();
  const { archive, commits } = assemble(root, out, { repository: 'acme/ci', ref: 'v1' });
  const tree = contents(out);
  afterAll(() => rmSync(out, { recursive: true }));

  it('has the same commits when it is assembled again', () => {
    const again = join(folder(), 'again');
    expect(assemble(root, again, { repository: 'acme/ci', ref: 'v1' }).commits).toEqual(commits);
    expect(git(again, ['status', '--porcelain'])).toBe('');
  });

  it('has every action at its short path, and is below the size limit', () => {
    for (const { name } of listActions())
      for (const file of ['action.yml', 'README.md', 'dist/main.js'])
        expect([...tree.keys()]).toContain(`${name}/${file}`);
    expect(archive).toBeGreaterThan(100_000);
    expect(archive).toBeLessThanOrEqual(archiveLimit);
    expect([...tree.keys()].filter((path) => /\.(ts|map|png)$|(^|\/)(src|test)\//.test(path))).toEqual([]);
  });

  it('has metadata that GitHub can load, also for actions in subfolders of actions', () => {
    const metadata = [...tree].filter(([path]) => path.endsWith('/action.yml'));
    expect(metadata.length).toBeGreaterThanOrEqual(listActions().length);
    for (const [path, text] of metadata) expect(misplacedExpressions(text), path).toEqual([]);
  });

  it('has no broken links between its pages, and does not use the name of the source repository', () => {
    for (const [path, text] of tree) {
      if (!path.endsWith('.md')) continue;
      const targets = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? '');
      for (const target of targets.filter((one) => !/^\w+:/.test(one)))
        expect(tree.has(posix.join(dirname(path), target)), `${path}: ${target}`).toBe(true);
      expect(text, path).not.toMatch(/org\/runner-actions|acme\/ci\/actions\//);
    }
  });

  it('has workflows that refer only to commits of the release that contain the named file', () => {
    const workflows = [...tree].filter(([path]) => path.startsWith('.github/workflows/'));
    for (const [path, text] of workflows) {
      expect(() => parse(text) as unknown, path).not.toThrow();
      expect(text, path).not.toContain(placeholder);
      for (const [, target = '', name = ''] of text.matchAll(
        /uses: acme\/ci\/([\w./-]+)@([0-9a-f]{40}) # v1\n/g,
      )) {
        expect(commits).toContain(name);
        const file = target.endsWith('.yml') ? target : `${target}/action.yml`;
        expect(git(out, ['cat-file', '-t', `${name}:${file}`])).toBe('blob');
      }
    }
  });
});
