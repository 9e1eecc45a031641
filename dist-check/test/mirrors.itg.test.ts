import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listActions, root } from '../actions.ts';
import { assembleMirrors } from '../release/assemble.ts';
import { git } from '../release/git.ts';
import { readMarkup } from '../release/markdown.ts';
import { contents, folder, makeSource, metadata, names } from './small-source.ts';

describe('assembleMirrors', () => {
  const two = {
    'actions/two/action.yml': `name: Two\n${metadata}`,
    'actions/two/README.md': '[one](../one/README.md) org/runner-actions/one@v1',
    'actions/two/package.json': '{ "version": "3.1.0" }',
  };

  it('writes a repository for each action and nothing else, with the same commits when repeated', () => {
    const source = makeSource(two);
    const [out, again] = [folder(), folder()];
    const commits = assembleMirrors(source, out, names, 'ci-');
    expect(Object.keys(commits)).toEqual(['acme/ci-one', 'acme/ci-two']);
    expect(readdirSync(out).sort()).toEqual(['ci-one', 'ci-two']);
    const one = join(out, 'ci-one');
    expect([...contents(one).keys()].sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'action.yml'],
      ...['dist/main.js', 'dist/post.js', 'restore/action.yml'],
    ]);
    expect(git(one, ['tag']).split('\n')).toEqual(['v3', 'v3.1.0']);
    for (const ref of ['v3', 'v3.1.0', 'HEAD'])
      expect(git(one, ['rev-parse', ref])).toBe(commits['acme/ci-one']);
    expect(git(one, ['show', '--no-patch', '--format=%B', 'v3'])).toMatch(
      /^one of v3\n\nSource: [0-9a-f]{40}$/,
    );
    expect(assembleMirrors(source, again, names, 'ci-')).toEqual(commits);
  });

  it('writes pages whose links are absolute, to the same repository, the release or the source', () => {
    const source = makeSource(two);
    const out = folder();
    assembleMirrors(source, out, names);
    const page = (path: string) => contents(out).get(path);
    const commitOfSource = git(source, ['rev-parse', 'HEAD']);
    expect(page('one/README.md')).toBe(
      `acme/one@v3, [l](https://github.com/acme/one/blob/v3/LICENSE), [p](https://github.com/acme/one/blob/v3/restore/action.yml), [s](https://github.com/acme/ci/blob/${commitOfSource}/actions/one/src)`,
    );
    expect(page('one/CHANGELOG.md')).toBe(
      '[page](https://github.com/acme/one/blob/v3/README.md), [root](https://github.com/acme/ci/blob/v3/README.md)',
    );
    expect(page('two/README.md')).toBe(
      '[one](https://github.com/acme/ci/blob/v3/one/README.md) acme/ci/one@v3',
    );
  });

  it('can be pushed, release after release, with the commands of the page', () => {
    const remote = join(folder(), 'one.git');
    git(dirname(remote), ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
    const page = readFileSync(join(root, 'docs/marketplace.md'), 'utf8');
    const [, push = '', moveBranch = ''] = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].map(
      ([, text = '']) => text,
    );
    const firstOnly = /^git push .*release:main.*\n/m;
    expect(push).toMatch(firstOnly);
    const releases = [
      ['3.1.0', push],
      ['3.2.0', push.replace(firstOnly, '') + moveBranch],
    ] as const;
    const heads = releases.map(([version, commands]) => {
      const packages = ['actions/one', 'packages/core'].map((path) => `${path}/package.json`);
      const changes = Object.fromEntries(packages.map((path) => [path, JSON.stringify({ version })]));
      const out = folder();
      const commits = assembleMirrors(makeSource(changes), out, names);
      const script = commands
        .replaceAll('cd DIR/select-runner', `cd ${out}/one`)
        .replaceAll('git@github.com:org/select-runner.git', remote)
        .replaceAll('v1.2.0', `v${version}`)
        .replace('$mirror v1 ', '$mirror v3 ');
      const author = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com' };
      const committer = { GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };
      const env = { ...process.env, ...author, ...committer };
      const { status, stderr } = spawnSync('bash', ['-euc', script], { encoding: 'utf8', env });
      expect(status, stderr).toBe(0);
      for (const ref of [`v${version}`, 'v3'])
        expect(git(remote, ['rev-parse', ref])).toBe(commits['acme/one']);
      expect(git(remote, ['diff', 'v3', 'main'])).toBe('');
      return git(remote, ['rev-parse', 'main']);
    });
    expect(git(remote, ['tag']).split('\n')).toEqual(['v3', 'v3.1.0', 'v3.2.0']);
    // A forced branch breaks the clones of Gitea's runner.
    expect(git(remote, ['log', '--format=%P', '-1', 'main'])).toBe(
      `${heads[0]} ${git(remote, ['rev-parse', 'v3'])}`,
    );
  });

  it('writes nothing if the Marketplace would reject an action, or if the folder is not empty', () => {
    const out = folder();
    const broken = makeSource({ ...two, 'actions/two/README.md': '' });
    expect(() => assembleMirrors(broken, out, names)).toThrow('acme/two: README.md is missing or empty');
    expect(readdirSync(out)).toEqual([]);
    writeFileSync(join(out, 'mine'), '');
    expect(() => assembleMirrors(makeSource(), out, names)).toThrow('is not empty');
  });
});

describe('the repositories of the actions of this project', () => {
  it('are accepted by the Marketplace, and have absolute links and their own names', () => {
    const mirrors = folder();
    const made = assembleMirrors(root, mirrors, { repository: 'acme/ci', ref: 'v1' });
    expect(Object.keys(made)).toEqual(listActions().map(({ name }) => `acme/${name}`));
    for (const [path, text] of contents(mirrors)) {
      if (!path.endsWith('.md')) continue;
      for (const { text: target } of readMarkup(text).addresses)
        expect(target, path).toMatch(/^(https:\/\/|#)/);
      const [name = ''] = path.split('/');
      expect(text, path).not.toMatch(new RegExp(`org/runner-actions|acme/ci/${name}(/\\w+)*@`));
    }
    rmSync(mirrors, { recursive: true });
  });
});
