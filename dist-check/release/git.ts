import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tree } from './tree.ts';

/**
 * Environment that disables the git settings of the user, such as signing, hooks and ignored files. They must not
 * change a commit.
 */
const fixedEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Runner Actions',
  GIT_AUTHOR_EMAIL: 'release@runner-actions.invalid',
  GIT_COMMITTER_NAME: 'Runner Actions',
  GIT_COMMITTER_EMAIL: 'release@runner-actions.invalid',
};

/** Runs git. Returns its output without trailing white space. */
export function git(folder: string, args: string[], env: Record<string, string> = {}): string {
  return gitBytes(folder, args, env).toString('utf8').trimEnd();
}

/** Runs git. Returns its output. */
export function gitBytes(folder: string, args: string[], env: Record<string, string> = {}): Buffer {
  // In a git hook, for example, these variables would make git use another repository.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  // Without these settings, git reads files of the user, which may change contents or hide new files.
  const settings = ['core.attributesFile=/dev/null', 'core.excludesFile=/dev/null'];
  return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    env: { ...Object.fromEntries(inherited), ...fixedEnvironment, ...env },
  });
}

/** Creates an empty repository. */
export function initialize(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--object-format=sha1', '--initial-branch=release']);
  git(folder, ['config', 'core.autocrlf', 'false']);
  // Newer versions of git start maintenance in the background after a commit. It would conflict with removing the
  // folder.
  git(folder, ['config', 'maintenance.auto', 'false']);
}

/**
 * Adds files and commits them. The same files, message, date and parents give the same commit on every machine.
 *
 * @param date ISO 8601
 * @returns the hash of the commit
 */
export function commit(folder: string, files: Tree, message: string, date: string): string {
  for (const [path, content] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o644 });
  }
  git(folder, ['add', '--all', '--force']);
  git(folder, ['commit', '--quiet', '--no-verify', '--message', message], {
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  });
  return git(folder, ['rev-parse', 'HEAD']);
}
