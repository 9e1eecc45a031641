// Signs and pushes tags, with a real key and a real repository, and runs the scripts of release.yml with them.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';
import { moveMajor, pushVersion, type Target } from '../publish/tags.ts';
import { commit, git, initialize } from '../release/git.ts';

const folder = mkdtempSync(join(tmpdir(), 'publish-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = join(folder, 'key');
const signer = { key, name: 'Releaser', email: 'releaser@example.com' };
const hasKeys = spawnSync('ssh-keygen', ['-?']).error === undefined;

beforeAll(() => {
  if (!hasKeys) return;
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  writeFileSync(join(folder, 'signers'), `${signer.email} ${readFileSync(`${key}.pub`, 'utf8')}`);
});

let made = 0;
/** Creates a repository with a commit. */
function repository(text: string): { path: string; head: string } {
  made += 1;
  const path = join(folder, `repository-${made}`);
  initialize(path);
  return { path, head: commit(path, new Map([['a', Buffer.from(text)]]), text, '2026-01-02T03:04:05Z') };
}

function release(version: string, text = version): { path: string; head: string } {
  const one = repository(text);
  for (const prefix of ['', 'cli-']) git(one.path, ['tag', `${prefix}v${version}`]);
  return one;
}

function remoteOf(source: string): string {
  made += 1;
  const path = join(folder, `remote-${made}`);
  git(folder, ['clone', '--quiet', '--bare', source, path]);
  return path;
}

const commitOf = (remote: string, tag: string): string => git(remote, ['rev-parse', `${tag}^{commit}`]);
const verify = (remote: string, tag: string): string =>
  git(remote, ['-c', `gpg.ssh.allowedSignersFile=${join(folder, 'signers')}`, 'verify-tag', '--raw', tag]);

describe.skipIf(!hasKeys)('the tags of a release', () => {
  it('are signed, name the release and its source, and are pushed only once', () => {
    const [source, made] = [repository('source'), release('1.0.0')];
    const target: Target = { remote: remoteOf(source.path), token: undefined, signer };
    pushVersion(target, '1.0.0', { release: made.path, source: source.path });
    const objects = git(target.remote, ['show-ref', '--tags']);
    expect([commitOf(target.remote, 'v1.0.0'), commitOf(target.remote, 'source-v1.0.0')]).toEqual([
      made.head,
      source.head,
    ]);
    for (const tag of ['v1.0.0', 'source-v1.0.0']) expect(() => verify(target.remote, tag)).not.toThrow();
    pushVersion(target, '1.0.0', { release: made.path, source: source.path });
    expect(git(target.remote, ['show-ref', '--tags'])).toBe(objects);
    // Nothing was written to the clone of the source.
    expect(git(source.path, ['tag'])).toBe('');
  });

  it('are not pushed if the version is already used for something else', () => {
    const source = repository('source');
    const target: Target = { remote: remoteOf(source.path), token: undefined, signer };
    pushVersion(target, '1.0.0', { release: release('1.0.0').path, source: source.path });
    const other = { release: release('1.0.0', 'other').path, source: source.path };
    expect(() => pushVersion(target, '1.0.0', other)).toThrow(
      /v1\.0\.0 already exists at .* never used twice/,
    );
    expect(commitOf(target.remote, 'v1.0.0')).not.toBe(git(other.release, ['rev-parse', 'HEAD']));
  });

  it.each(['', 'no key', 'public'])('are not pushed without a signature: %j', (text) => {
    const [source, made] = [repository('source'), release('1.0.0')];
    const bad = join(folder, `bad-${text.length}`);
    writeFileSync(bad, text === 'public' ? readFileSync(`${key}.pub`) : text, { mode: 0o600 });
    const target = { remote: remoteOf(source.path), token: undefined, signer: { ...signer, key: bad } };
    expect(() => pushVersion(target, '1.0.0', { release: made.path, source: source.path })).toThrow();
    expect(git(target.remote, ['tag'])).toBe('');
    git(target.remote, ['fetch', '--quiet', made.path, 'refs/tags/v1.0.0:refs/tags/v1.0.0']);
    const good = { ...target, signer };
    expect(() => pushVersion(good, '1.0.0', { release: made.path, source: source.path })).toThrow(
      /not signed/,
    );
  });

  it('move the major tag forward, and back only on request', () => {
    const source = repository('source');
    const target: Target = { remote: remoteOf(source.path), token: undefined, signer };
    const heads = ['1.0.0', '1.10.0', '1.9.0'].map((version) => {
      const { path, head } = release(version);
      pushVersion(target, version, { release: path, source: source.path });
      return head;
    });
    expect(moveMajor(target, '1.0.0')).toBeUndefined();
    expect(moveMajor(target, '1.10.0')).toBe('1.0.0');
    expect(() => moveMajor(target, '1.9.0')).toThrow(/v1 is at v1\.10\.0, which is newer.*--back/);
    expect(commitOf(target.remote, 'v1')).toBe(heads[1]);
    expect(moveMajor(target, '1.9.0', { back: true })).toBe('1.10.0');
    expect(commitOf(target.remote, 'v1')).toBe(heads[2]);
    expect(() => verify(target.remote, 'v1')).not.toThrow();
    expect(() => moveMajor(target, '1.5.0')).toThrow(/There is no tag v1\.5\.0/);
    expect(() => moveMajor(target, '1')).toThrow(/'1' is no version/);
    // The newest version at the commit of the major tag counts, whatever other tags are there.
    git(target.remote, ['tag', '--force', 'v1', 'v1.10.0']);
    git(target.remote, ['tag', 'v1.0.1', 'v1.10.0']);
    expect(() => moveMajor(target, '1.9.0')).toThrow(/v1 is at v1\.10\.0/);
    git(target.remote, ['tag', '--force', 'v1', 'source-v1.0.0']);
    expect(() => moveMajor(target, '1.10.0')).toThrow(/v1 is at [\da-f]{40}, which is no version.*--back/);
    expect(moveMajor(target, '1.10.0', { back: true })).toBeUndefined();
    expect(commitOf(target.remote, 'v1')).toBe(heads[1]);
  });

  it('fail if the remote takes a tag and loses it', () => {
    const [source, made] = [repository('source'), release('1.0.0')];
    const target: Target = { remote: remoteOf(source.path), token: undefined, signer };
    mkdirSync(join(target.remote, 'hooks'), { recursive: true });
    const hook = join(target.remote, 'hooks/post-receive');
    writeFileSync(hook, '#!/bin/sh\nread old new ref\ngit update-ref -d "$ref"\n');
    chmodSync(hook, 0o755);
    expect(() => pushVersion(target, '1.0.0', { release: made.path, source: source.path })).toThrow(
      /the remote does not have it/,
    );
  });
});

interface Job {
  steps: { name?: string; run?: string }[];
}
const { jobs, defaults } = parse(readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')) as {
  jobs: Record<string, Job>;
  defaults: { run: { shell: string } };
};
const scriptOf = (job: string, name: string): string => {
  const found = jobs[job]?.steps.find((step) => step.name === name)?.run;
  if (found === undefined) throw new Error(`release.yml has no step '${name}' in ${job}.`);
  return found;
};

/** A job's folder with the scripts that need no packages, a `gh` that answers as told, and a remote. */
function releaseJob(answers: Record<string, string>, to = 'v0.1.0') {
  const [source, made] = [repository('source'), release('0.1.0')];
  const at = mkdtempSync(join(folder, 'job-'));
  const [workspace, bin, temp] = ['workspace', 'bin', 'temp'].map((name) => join(at, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, temp]) mkdirSync(one);
  git(folder, ['clone', '--quiet', source.path, workspace]);
  for (const path of ['publish', 'release', 'package.json'])
    cpSync(join(root, 'dist-check', path), join(workspace, 'dist-check', path), { recursive: true });
  cpSync(join(root, 'packages/core/package.json'), join(workspace, 'packages/core/package.json'));
  mkdirSync(join(workspace, 'assets'));
  git(made.path, ['bundle', 'create', join(workspace, 'assets/release.gitbundle'), '--all']);
  for (const name of ['release.tar.gz', 'sbom.cdx.json', 'notes.md'])
    writeFileSync(join(workspace, 'assets', name), name);
  const sums = ['release.gitbundle', 'release.tar.gz', 'sbom.cdx.json', 'notes.md'].map((name) => {
    const hash = createHash('sha256').update(readFileSync(join(workspace, 'assets', name)));
    return `${hash.digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(workspace, 'assets/checksums.txt'), sums.join(''));
  mkdirSync(join(at, 'server/acme'), { recursive: true });
  git(folder, ['clone', '--quiet', '--bare', source.path, join(at, 'server/acme/ci')]);
  writeFileSync(
    join(bin, 'gh'),
    `#!${process.execPath}
const answers = ${JSON.stringify(answers)};
const given = process.argv.slice(2).join(' ');
const { appendFileSync, cpSync, rmSync } = require('node:fs');
appendFileSync(${JSON.stringify(join(at, 'gh.log'))}, given + '\\n');
if (given.startsWith('release download')) {
  cpSync('assets', 'draft', { recursive: true });
  rmSync('draft/notes.md');
  if (answers['release download'] !== undefined) appendFileSync(answers['release download'], 'changed');
}
const [, answer = ''] = Object.entries(answers).find(([start]) => given.startsWith(start)) ?? [];
if (answer.startsWith('fail')) { console.error(answer.slice(5)); process.exit(1); }
console.log(answer);`,
  );
  chmodSync(join(bin, 'gh'), 0o755);
  const environment = {
    ...{ PATH: `${bin}:${process.execPath.replace(/\/[^/]+$/, '')}:${process.env['PATH']}`, HOME: temp },
    ...{ RUNNER_TEMP: temp, GITHUB_SERVER_URL: `file://${at}/server`, GITHUB_REPOSITORY: 'acme/ci' },
    ...{ GITHUB_STEP_SUMMARY: join(at, 'summary'), TAG: 'v0.1.0', SIGNER: 'Releaser <releaser@example.com>' },
    ...{ KEY: readFileSync(key, 'utf8').trimEnd(), TO: to, GITHUB_REF: 'refs/heads/main' },
  };
  return {
    remote: join(at, 'server/acme/ci'),
    head: made.head,
    workspace,
    calls: () => readFileSync(join(at, 'gh.log'), 'utf8').trimEnd().split('\n'),
    run: (job: string, name: string) =>
      spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', scriptOf(job, name)], {
        ...{ cwd: workspace, encoding: 'utf8', env: environment },
      }),
  };
}

describe.skipIf(!hasKeys)('the scripts of release.yml', () => {
  it('push signed tags, publish the draft, and move the major tag, without installed packages', () => {
    const { run, remote, head, calls } = releaseJob({
      'api repos/acme/ci/immutable-releases': 'true',
      'api repos/acme/ci/releases/tags/v0.1.0 --jq .immutable': 'true',
    });
    for (const [job, name] of [
      ['publish', 'Releases are immutable'],
      ['publish', 'Key that signs the tags'],
      ['publish', 'Push the signed tags'],
      ['publish', 'Publish the release'],
      ['move', 'Move the major tags'],
    ] as const) {
      const { status, stderr, stdout } = run(job, name);
      expect([name, status], stdout + stderr).toEqual([name, 0]);
    }
    for (const tag of ['v0.1.0', 'v0', 'cli-v0.1.0', 'cli-v0']) expect(commitOf(remote, tag)).toBe(head);
    expect(calls()[2]).toBe(
      'release edit v0.1.0 --repo acme/ci --verify-tag --draft=false --latest --notes-file assets/notes.md',
    );
  });

  it('do not publish while releases can be changed, and do not move the major tag to one that can', () => {
    const { run, remote } = releaseJob({ 'api repos/acme/ci/immutable-releases': 'fail HTTP 404' });
    const { status, stdout } = run('publish', 'Releases are immutable');
    expect([status, stdout]).toEqual([1, expect.stringMatching(/HTTP 404[^]*::error::.*can be changed/)]);
    expect(run('publish', 'Publish the release').status).toBe(1);
    expect(git(remote, ['tag'])).toBe('');
  });

  it.each(['sbom.cdx.json', 'checksums.txt', 'one-more'])(
    'do not publish a draft in which %s is not that of the build',
    (name) => {
      const { run, calls } = releaseJob({ 'release download': `draft/${name}` });
      expect(run('publish', 'Publish the release').status).toBe(1);
      expect(calls()).toHaveLength(1);
    },
  );

  it('stop if the release of this version has begun with another commit', () => {
    const job = releaseJob({ 'api repos/acme/ci/releases/tags/v0.1.0': 'fail HTTP 404' });
    expect(job.run('checks', 'The version is not released yet').status).toBe(0);
    expect(job.run('publish', 'Key that signs the tags').status).toBe(0);
    expect(job.run('publish', 'Push the signed tags').status).toBe(0);
    const { status, stdout } = job.run('checks', 'The version is not released yet');
    expect([status, stdout]).toEqual([1, expect.stringMatching(/The release of v0\.1\.0 has begun at/)]);
  });

  it.each([
    [
      'replaces a draft that an earlier try left',
      'true',
      ['release view', 'release delete', 'release create'],
    ],
    ['is created if there is none', 'fail release not found', ['release view', 'release create']],
    ['is not created if the version is published', 'false', ['release view']],
    ['is not created if GitHub does not answer', 'fail HTTP 502', ['release view']],
  ])('treat the draft: it %s', (_case, view, expected) => {
    const { run, calls } = releaseJob({ 'release view': view });
    const { status } = run('draft', 'Create the draft');
    expect(calls().map((call) => call.split(' ', 2).join(' '))).toEqual(expected);
    expect(status).toBe(expected.includes('release create') ? 0 : 1);
  });

  it('create no draft from assets that have changed', () => {
    const { run, calls, workspace } = releaseJob({});
    writeFileSync(join(workspace, 'assets/release.gitbundle'), 'changed');
    expect(run('draft', 'Create the draft').status).toBe(1);
    expect(calls).toThrow(/ENOENT/);
  });

  it('fail if the major tag cannot be moved', () => {
    const { run } = releaseJob({});
    expect(run('roll-back', 'Key that signs the tags').status).toBe(0);
    for (const [job, name] of [
      ['roll-back', 'Move the major tags back'],
      ['move', 'Move the major tags'],
    ] as const) {
      const { status, stderr } = run(job, name);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/There is no tag v0\.1\.0/)]);
    }
    // These tests run the scripts with the options of this shell.
    expect(defaults.run.shell).toBe('bash');
  });

  it.each(['v0.1.0', '0.1.0'])('roll back only to a version that is released: %s', (to) => {
    const { run } = releaseJob({ 'api repos/acme/ci/releases/tags/v0.1.0': 'fail HTTP 404' }, to);
    expect(run('roll-back', 'Key that signs the tags').status).toBe(0);
    const { status, stdout } = run('roll-back', 'Move the major tags back');
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('::error::GitHub did not return a release v0.1.0.'),
    ]);
  });
});
