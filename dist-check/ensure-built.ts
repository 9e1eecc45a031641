// `node dist-check/ensure-built.ts`: builds the bundles, unless git shows that they are the committed bundles of these
// sources.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './actions.ts';

interface Turbo {
  globalDependencies: string[];
  tasks: { build: { inputs: string[]; outputs: string[] } };
}

/**
 * Returns whether the bundles and their sources are unchanged since a commit in which they match. This is either
 * `origin/HEAD`, where CI has compared the two, or else the last commit that contains bundles. Contents are compared,
 * not times: in a fresh clone, neither file times nor the cache of turborepo help. Returns false without git.
 */
export function areBundlesCommitted(folder: string): boolean {
  const text = readFileSync(join(folder, 'turbo.json'), 'utf8').replaceAll(/^ *\/\/.*$/gm, '');
  const { globalDependencies, tasks } = JSON.parse(text) as Turbo;
  const { inputs, outputs } = tasks.build;
  const sources = ['actions', 'packages'].flatMap((top) => inputs.map((path) => `:(glob)${top}/*/${path}`));
  const bundles = outputs.map((path) => `:(glob)actions/*/${path}`);
  const all = [
    ...globalDependencies,
    'turbo.json',
    ...sources,
    ...bundles,
    ':(exclude)packages/testing',
    ':(exclude)packages/cli',
  ];
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  const last = (git('log', '-1', '--format=%H', '--', ...bundles).stdout ?? '').trim();
  const isSame = ['origin/HEAD', last].some(
    (commit) => commit !== '' && git('diff', '--quiet', commit, '--', ...all).status === 0,
  );
  return isSame && git('ls-files', '--others', '--exclude-standard', '--', ...all).stdout === '';
}

if (process.argv[1] === import.meta.filename && !areBundlesCommitted(root))
  process.exitCode =
    spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' }).status ?? 1;
