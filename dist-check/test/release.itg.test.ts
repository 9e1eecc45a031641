import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { listActions, root } from '../actions.ts';
import { misplacedExpressions } from '../metadata.ts';
import { archiveLimit, assemble, localChanges } from '../release/assemble.ts';
import { git } from '../release/git.ts';
import { readMarkup } from '../release/markdown.ts';
import { readVersion } from '../release/version.ts';
import { placeholder, readRootAction } from '../release/workflows.ts';
import { contents, folder, makeSource, names } from './small-source.ts';

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
      'action.yml',
      'docs/schema/s.json',
      'docs/set-up.md',
      'one/CHANGELOG.md',
      'one/README.md',
      'one/action.yml',
      'one/dist/main.js',
      'one/dist/post.js',
      'one/restore/action.yml',
    ]);
    expect(contents(one).get('README.md')).toBe('acme/ci/one@v3, [one](one/README.md)');
    expect(contents(one).get('docs/set-up.md')).toBe('[one](../one/README.md)');
    expect(contents(one).get('one/CHANGELOG.md')).toBe('[page](README.md), [root](../README.md)');
    // The hash of a commit covers every file, its date and its parents.
    expect(assemble(source, other, names)).toEqual(first);
    expect(contents(other)).toEqual(contents(one));
  });

  it('refers to actions and workflows by the commits that contain them, and tags the last commit twice', () => {
    const out = folder();
    const { commits, tags } = assemble(makeSource(), out, names);
    expect(commits).toHaveLength(3);
    const [actions = '', inner = '', last] = commits;
    expect([tags, git(out, ['tag']).split('\n')]).toEqual([
      ['v3.1.0', 'v3'],
      ['v3', 'v3.1.0'],
    ]);
    // The tags name the commit itself: a tag object would have another hash.
    for (const tag of tags) expect(git(out, ['rev-parse', tag])).toBe(last);
    const text = (name: string) => contents(out).get(`.github/workflows/${name}`);
    expect(text('inner.yml')).toContain(`acme/ci/one@${actions} # v3`);
    expect(contents(out).get('action.yml')).toContain(`acme/ci/one@${actions} # v3`);
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

  it('finds local changes whatever git settings the user has', () => {
    const source = makeSource();
    const home = folder();
    mkdirSync(join(home, 'git'));
    writeFileSync(join(home, 'git/ignore'), '*.md\n');
    vi.stubEnv('XDG_CONFIG_HOME', home);
    git(source, ['config', 'status.showUntrackedFiles', 'no']);
    expect(localChanges(source)).toEqual([]);
    mkdirSync(join(source, 'actions/one/save'));
    writeFileSync(join(source, 'actions/one/save/README.md'), 'new');
    expect(localChanges(source)).toEqual(['?? actions/one/save/README.md']);
    vi.unstubAllEnvs();
  });

  it('rejects a missing script, and a folder that is not empty', () => {
    const broken = makeSource({ 'actions/one/save/action.yml': 'runs: { main: ../dist/save.js }' });
    expect(() => assemble(broken, folder(), names)).toThrow('one/save/action.yml names ../dist/save.js');
    const out = folder();
    writeFileSync(join(out, 'mine'), '');
    expect(() => assemble(makeSource(), out, names)).toThrow('is not empty');
    expect(readdirSync(out)).toEqual(['mine']);
    const pre = makeSource({ 'actions/one/action.yml': 'runs: { main: dist/main.js, pre: dist/pre.js }' });
    expect(() => assemble(pre, folder(), names)).toThrow('one/action.yml names dist/pre.js');
  });

  it('rejects a folder inside of the source, and links, which may lead anywhere', () => {
    const source = makeSource();
    expect(() => assemble(source, join(source, 'out'), names)).toThrow('is inside of the source');
    symlinkSync('/etc/hostname', join(source, 'actions/one/dist/chunk.js'));
    expect(() => assemble(source, folder(), names)).toThrow('dist/chunk.js is a link');
  });

  it('gives the same commits whatever git attributes and variables the user has', () => {
    const source = makeSource();
    const { commits } = assemble(source, folder(), names);
    const home = folder();
    mkdirSync(join(home, 'git'));
    writeFileSync(join(home, 'git/attributes'), '*.md working-tree-encoding=ISO-8859-1\n');
    vi.stubEnv('XDG_CONFIG_HOME', home);
    vi.stubEnv('GIT_DIR', '/nowhere');
    expect(assemble(source, folder(), names).commits).toEqual(commits);
    vi.unstubAllEnvs();
  });
});

describe('the version of a release', () => {
  it('is that of all packages, and must fit the tag', () => {
    const source = makeSource();
    expect(readVersion(source)).toBe('3.1.0');
    expect(() => assemble(source, folder(), { ...names, ref: 'v4' })).toThrow(
      '--ref v4 does not fit the version 3.1.0',
    );
  });

  it.each([
    ['of a package differs', '{ "version": "3.0.0" }', '3.0.0 in packages/core/package.json'],
    ['is missing', '{}', 'packages/core/package.json has no version'],
  ])('is rejected if the one %s', (_what, text, message) => {
    const source = makeSource({ 'packages/core/package.json': text });
    expect(() => assemble(source, folder(), names)).toThrow(message);
  });

  it('is that of this project', () => {
    expect(readVersion(root)).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('the command', () => {
  it.each([
    ['no folder', [], 'The option --out is missing'],
    ['a repository without an owner', ['--repository', 'ci'], '--repository ci does not have the form'],
    ['a tag with a slash', ['--ref', 'a/b'], '--ref a/b is not a valid name'],
    ['an option as a tag', ['--ref=-d'], '--ref -d is not a valid name'],
    ['a prefix of mirrors without mirrors', ['--mirror-prefix', 'ci-'], '--mirror-prefix ci- needs --mirror'],
    [
      'a prefix with a slash',
      ['--mirror', '--mirror-prefix', 'a/'],
      '--mirror-prefix a/ needs --mirror, and may have',
    ],
  ])('rejects %s', (_what, args, message) => {
    const out = folder();
    const all = [...(args.length === 0 ? [] : ['--out', out]), ...args];
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'dist-check/release/cli.ts'), ...all],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('the command in a clone', () => {
  const source = makeSource({ '.gitignore': 'node_modules\n' });
  for (const path of ['release', 'actions.ts', 'package.json'])
    cpSync(join(root, 'dist-check', path), join(source, 'dist-check', path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'));
  const assembled = () =>
    spawnSync(
      process.execPath,
      [join(source, 'dist-check/release/cli.ts'), '--out', folder(), '--ref', 'v3'],
      {
        encoding: 'utf8',
      },
    );

  it('warns of each file that differs from the commit', () => {
    git(source, ['add', '.']);
    git(source, ['commit', '--quiet', '--message', 'command']);
    expect(assembled()).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(source, 'README.md'), 'edited');
    const { status, stderr } = assembled();
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^Warning: .* local changes.*:\n M README.md\n$/),
    ]);
  });

  it('fails with the page and the line of a link that it cannot convert', () => {
    writeFileSync(join(source, 'README.md'), '# Title\n\n[a](b\\_c.md)\n');
    const { status, stderr } = assembled();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('\nREADME.md:3: the link to b\\_c.md cannot'),
    ]);
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
      const targets = readMarkup(text).addresses.map((address) => address.text.replace(/#.*/, ''));
      for (const target of targets.filter((one) => !/^(\w+:|$)/.test(one)))
        expect(tree.has(posix.join(dirname(path), target)), `${path}: ${target}`).toBe(true);
      expect(text, path).not.toMatch(/org\/runner-actions|acme\/ci\/actions\//);
    }
  });

  it('has workflows and a root action that refer only to commits of the release that contain the named file', () => {
    const workflows = [...tree].filter(([path]) => /^(\.github\/workflows\/|action\.yml$)/.test(path));
    expect(workflows.map(([path]) => path)).toContain(readRootAction(root).path);
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
