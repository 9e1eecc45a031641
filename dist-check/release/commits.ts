import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tree } from './tree.ts';

/** Nothing of the person's own git settings may change a commit: no signing, no hooks, no ignored files. */
const neutral = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Runner Actions',
  GIT_AUTHOR_EMAIL: 'release@runner-actions.invalid',
  GIT_COMMITTER_NAME: 'Runner Actions',
  GIT_COMMITTER_EMAIL: 'release@runner-actions.invalid',
};

/** What git prints, without the line end. */
export function git(folder: string, args: string[], env: Record<string, string> = {}): string {
  // Variables of an outer git command, as in a hook, would lead it to another repository.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...Object.fromEntries(own), ...neutral, ...env },
  }).trimEnd();
}

/** Makes an empty repository. @throws Error when the folder is not empty */
export function initialize(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--object-format=sha1', '--initial-branch=release']);
  git(folder, ['config', 'core.autocrlf', 'false']);
  // Newer git tidies up in the background after a commit, where whoever removes the folder gets in its way.
  git(folder, ['config', 'maintenance.auto', 'false']);
}

/**
 * Adds files and commits them. The same files, message, date and parents make the same commit, wherever it is made.
 *
 * @returns the commit's name
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
