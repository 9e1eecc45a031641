import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, 'project');

/** Creates a git repository of the demo's project in `folder`, which the job clones instead of a checkout. */
export function makeRepository(folder: string): string {
  cpSync(project, folder, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git(
    '-c',
    'user.name=Demo',
    '-c',
    'user.email=demo@example.invalid',
    'commit',
    '--quiet',
    '--message',
    'Start',
  );
  return folder;
}

/** Returns a hash of package-lock.json for the cache key, in place of `hashFiles('package-lock.json')`. */
export function lockfileHash(): string {
  return createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
}
