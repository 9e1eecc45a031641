// The tree of the command in a release: assembled, installed from git without a network, and its tags.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRunnerNode } from '@runner-actions/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../actions.ts';
import { hasCli, moveMajor, pushVersion, type Target } from '../publish/tags.ts';
import { assemble } from '../release/assemble.ts';
import { git, initialize } from '../release/git.ts';
import { readVersion } from '../release/version.ts';
import { makeSource, names } from './small-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command in a release of this project', () => {
  const out = join(folder, 'release');
  const { cli = '' } = assemble(root, out, { repository: 'acme/ci', ref: 'v1' });
  const version = readVersion(root);
  const files = git(out, ['ls-tree', '-r', '--name-only', 'cli-v1']).split('\n');

  it('has a commit without parents, and tags of its own', () => {
    const commits = ['cli-v1', `cli-v${version}`].map((tag) => git(out, ['rev-list', tag]));
    expect(commits).toEqual([cli, cli]);
    expect(
      files.filter((path) => !/^(chunks\/|[\w-]+\/index\.js$|[\w-]+\/package\.json$)/.test(path)),
    ).toEqual([
      'LICENSE',
      'README.md',
      'cli.js',
      'hooks/job-completed.js',
      'hooks/job-started.js',
      'index.js',
      'licenses.txt',
      'package.json',
    ]);
    expect(git(out, ['show', 'cli-v1:README.md'])).toMatch(/npx github:acme\/ci#cli-v1 --help/);
  });

  it('is a package without dependencies that npx and node start, on the Node of runners and of actions', () => {
    const home = join(folder, 'home');
    const project = mkdtempSync(join(folder, 'project-'));
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      npm_config_cache: join(home, 'cache'),
      npm_config_offline: 'true',
    };
    const npm = [
      'exec',
      '--yes',
      '--package',
      `git+file://${out}#cli-v1`,
      '--',
      'runner-actions',
      '--version',
    ];
    const options = { cwd: project, encoding: 'utf8', env } as const;
    expect(spawnSync('npm', npm, options)).toMatchObject({ status: 0, stdout: `${version}\n` });
    const [installed = ''] = readdirSync(join(home, 'cache/_npx'));
    const modules = join(home, 'cache/_npx', installed, 'node_modules');
    expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['runner-actions']);
    expect(JSON.parse(readFileSync(join(modules, 'runner-actions/package.json'), 'utf8'))).toMatchObject({
      version,
    });
    const bin = join(modules, '.bin/runner-actions');
    for (const node of new Set([process.execPath, findRunnerNode()])) {
      const run = (...args: string[]) => spawnSync(node, [bin, ...args], options);
      expect(run('--help')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('cleanup') as unknown,
      });
      const dry = run('cleanup', '--dry-run', '--runner', '/nowhere', '--json');
      expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, runners: [{ state: 'refused' }] });
    }
  });
});

it('a source without the command gives a release without it', () => {
  const out = join(folder, 'without');
  expect(assemble(makeSource(), out, names).cli).toBeUndefined();
  expect(git(out, ['tag']).split('\n')).toEqual(['v3', 'v3.1.0']);
});

it('a command that is not built cannot be released', () => {
  const source = makeSource({ 'packages/cli/package.json': '{ "version": "3.1.0" }' });
  expect(() => assemble(source, join(folder, 'unbuilt'), names)).toThrow('npm run build');
});

it.skipIf(spawnSync('ssh-keygen', ['-?']).error !== undefined)(
  'the tags of the command are signed and moved as those of the actions',
  () => {
    const key = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const cliFiles = { 'packages/cli/dist/cli.js': 'cli', 'packages/cli/README.md': 'page' };
    const versioned = (version: string, files: Record<string, string>) => {
      const manifest = `{ "version": "${version}" }`;
      const packages = ['actions/one', 'packages/core', ...(files === cliFiles ? ['packages/cli'] : [])];
      const all = Object.fromEntries(packages.map((path) => [`${path}/package.json`, manifest]));
      const source = makeSource({ ...files, ...all });
      const release = mkdtempSync(join(folder, 'version-'));
      assemble(source, release, names);
      return { source, release };
    };
    const remote = join(folder, 'remote');
    initialize(remote);
    const target: Target = { remote, token: undefined, signer: { key, name: 'R', email: 'r@example.com' } };
    const made = {
      '3.0.0': versioned('3.0.0', {}),
      '3.1.0': versioned('3.1.0', cliFiles),
      '3.2.0': versioned('3.2.0', cliFiles),
    };
    for (const [version, folders] of Object.entries(made)) {
      git(remote, ['fetch', '--quiet', folders.source, `HEAD:refs/heads/source-${version}`]);
      pushVersion(target, version, folders);
    }
    const at = (tag: string) => git(remote, ['rev-parse', `${tag}^{commit}`]);
    expect(Object.keys(made).map((version) => hasCli(target, version))).toEqual([false, true, true]);
    expect(git(remote, ['cat-file', 'tag', 'cli-v3.1.0'])).toContain('BEGIN SSH SIGNATURE');
    expect(moveMajor(target, '3.2.0', { prefix: 'cli-' })).toBeUndefined();
    expect(at('cli-v3')).toBe(at('cli-v3.2.0'));
    expect(() => moveMajor(target, '3.1.0', { prefix: 'cli-' })).toThrow(
      'cli-v3 is at cli-v3.2.0, which is newer',
    );
    expect(moveMajor(target, '3.1.0', { prefix: 'cli-', back: true })).toBe('3.2.0');
    expect([at('cli-v3'), existsSync(join(remote, '.git/refs/tags/v3'))]).toEqual([at('cli-v3.1.0'), false]);
  },
);
