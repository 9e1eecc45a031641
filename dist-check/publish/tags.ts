import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliPrefix } from '../release/cli-prefix.ts';
import { git, initialize } from '../release/git.ts';

/** Who signs tags. */
export interface Signer {
  /** Path of a private SSH key without a passphrase. */
  key: string;
  name: string;
  email: string;
}

/** The remote repository, and what is needed to write to it. */
export interface Target {
  /** URL or path. */
  remote: string;
  /** A token for GitHub; `undefined` for a path. */
  token: string | undefined;
  signer: Signer;
}

interface RemoteTag {
  /** Hash of the tag object; for a light tag the commit. */
  object: string;
  commit: string;
}

/**
 * Pushes a release: a signed tag of the version, one of the command (`cli-…`), and a signed tag `source-…` of the commit
 * that it was built from, which the pages of the release link to. Does nothing if both exist already, so that it can be repeated.
 * @param folders the repository of the release with the version's tags, and the clone of the source
 * @throws Error if a tag exists at another commit: a version is never used twice
 */
export function pushVersion(
  target: Target,
  version: string,
  folders: { release: string; source: string },
): void {
  const tag = `v${version}`;
  const { release, source } = folders;
  const wanted = [
    // The remote has this commit already, so its history is not needed.
    {
      name: `source-${tag}`,
      from: ['--depth=1', source, 'HEAD'],
      commit: git(source, ['rev-parse', 'HEAD']),
    },
    ...[tag, `${cliPrefix}${tag}`]
      .filter((name) => name === tag || git(release, ['tag', '--list', name]) !== '')
      .map((name) => ({
        name,
        from: [release, `refs/tags/${name}`],
        commit: git(release, ['rev-parse', `${name}^{commit}`]),
      })),
  ];
  const existing = remoteTags(target);
  for (const { name, commit } of wanted) {
    const found = existing.get(name);
    if (found !== undefined && found.commit !== commit)
      throw new Error(
        `The tag ${name} already exists at ${found.commit}, and not at ${commit}. A version is never used twice: release the next one.`,
      );
    if (found !== undefined && found.object === found.commit)
      throw new Error(`The tag ${name} exists and is not signed. Delete it if nobody uses it yet.`);
  }
  for (const { name, from, commit } of wanted.filter(({ name }) => !existing.has(name)))
    pushSigned(target, { name, from, commit, message: name });
}

/**
 * Moves the tag of a major version, such as `v1`, to a version.
 * @param options `back`: allows to move it to an older version; `prefix`: of the tags, such as `cli-`
 * @returns the version that the tag named before; `undefined` if there was no such tag
 * @throws Error if the version is not released, or older without `back`
 */
export function moveMajor(
  target: Target,
  version: string,
  { back = false, prefix = '' } = {},
): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`'${version}' is no version. Name one such as v1.2.0.`);
  const [major = ''] = version.split('.');
  const [name, wanted] = [`${prefix}v${major}`, `${prefix}v${version}`];
  const tags = remoteTags(target);
  const commit = tags.get(wanted)?.commit;
  if (commit === undefined) throw new Error(`There is no tag ${wanted}. Release it first.`);
  const now = tags.get(name);
  const old = [...tags]
    .filter(([one, tag]) => one.startsWith(`${prefix}v`) && tag.commit === now?.commit)
    .map(([one]) => one.slice(prefix.length + 1))
    .filter((one) => /^\d+\.\d+\.\d+$/.test(one))
    .reduce<string | undefined>(
      (newest, one) => (newest === undefined || isOlder(newest, one) ? one : newest),
      undefined,
    );
  if (now !== undefined && !back && (old === undefined || isOlder(version, old)))
    throw new Error(
      `${name} is at ${old === undefined ? `${now.commit}, which is no version` : `${prefix}v${old}, which is newer than ${wanted}`}. To move it anyway, use --back.`,
    );
  if (now?.commit === commit && now.object !== now.commit) return old;
  pushSigned(target, {
    ...{ name, commit, message: `${name} is ${wanted}` },
    from: ['--depth=1', target.remote, `refs/tags/${wanted}`],
    // If somebody else moved the tag meanwhile, nothing changes.
    options: [`--force-with-lease=refs/tags/${name}:${now?.object ?? ''}`],
  });
  return old;
}

function isOlder(one: string, other: string): boolean {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)];
  const different = left.findIndex((part, index) => part !== right[index]);
  return different >= 0 && (left[different] ?? 0) < (right[different] ?? 0);
}

/** Signs a tag in a new repository, and pushes it. @param tag `from`: what to fetch, so that the commit is there */
function pushSigned(
  target: Target,
  {
    name,
    commit,
    message,
    from,
    options = [],
  }: { name: string; commit: string; message: string; from: string[]; options?: string[] },
): void {
  const { remote, signer } = target;
  const folder = mkdtempSync(join(tmpdir(), 'tag-'));
  try {
    initialize(folder);
    git(folder, ['fetch', '--quiet', '--no-tags', ...from], access(target));
    const settings = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${signer.key}`];
    git(folder, [...settings, 'tag', '--sign', '--message', message, name, commit], {
      GIT_COMMITTER_NAME: signer.name,
      GIT_COMMITTER_EMAIL: signer.email,
    });
    // With a key that cannot be used, git before 2.45 makes a tag without a signature.
    if (!git(folder, ['cat-file', 'tag', name]).includes('-----BEGIN SSH SIGNATURE-----'))
      throw new Error(
        `${signer.key} cannot sign. It must be a private SSH key without a passphrase, with all of its lines.`,
      );
    git(folder, ['push', '--quiet', ...options, remote, `refs/tags/${name}`], access(target));
    if (remoteTags(target).get(name)?.commit !== commit)
      throw new Error(`git pushed ${name}, but the remote does not have it. Try again.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the tags of the remote, by name. */
function remoteTags(target: Target): Map<string, RemoteTag> {
  const tags = new Map<string, RemoteTag>();
  const listed = git(tmpdir(), ['ls-remote', '--tags', target.remote], access(target));
  for (const line of listed.split('\n').filter((one) => one !== '')) {
    const [hash = '', ref = ''] = line.split('\t');
    const name = ref.replace(/^refs\/tags\//, '').replace(/\^\{\}$/, '');
    // `^{}` follows the line of a signed tag, and names its commit.
    tags.set(name, { object: tags.get(name)?.object ?? hash, commit: hash });
  }
  return tags;
}

/** The token is passed in the environment, since other users of a machine can read a command line. */
function access({ token }: Target): Record<string, string> {
  if (token === undefined) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Returns whether the remote has the command of a version. */
export const hasCli = (target: Target, version: string): boolean =>
  remoteTags(target).has(`${cliPrefix}v${version}`);
