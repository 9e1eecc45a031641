// `node dist-check/ensure-built.ts`: builds the bundles, but where git says that they are the committed ones of these sources.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './actions.ts';

interface Turbo {
  globalDependencies: string[];
  tasks: { build: { inputs: string[]; outputs: string[] } };
}

/**
 * Whether neither bundles nor what they are built from differ from what the project has published, whose CI compares the two, or
 * else from the last commit that holds bundles. By content: a fresh clone's times say nothing, and turborepo knows nothing there.
 * Without git the answer is no.
 */
export function areCommitted(folder: string): boolean {
  const text = readFileSync(join(folder, 'turbo.json'), 'utf8').replaceAll(/^ *\/\/.*$/gm, '');
  const { globalDependencies, tasks } = JSON.parse(text) as Turbo;
  const { inputs, outputs } = tasks.build;
  const sources = ['actions', 'packages'].flatMap((top) => inputs.map((path) => `:(glob)${top}/*/${path}`));
  const bundles = outputs.map((path) => `:(glob)actions/*/${path}`);
  const all = [...globalDependencies, 'turbo.json', ...sources, ...bundles, ':(exclude)packages/testing'];
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  const last = (git('log', '-1', '--format=%H', '--', ...bundles).stdout ?? '').trim();
  const isSame = ['origin/HEAD', last].some(
    (commit) => commit !== '' && git('diff', '--quiet', commit, '--', ...all).status === 0,
  );
  return isSame && git('ls-files', '--others', '--exclude-standard', '--', ...all).stdout === '';
}

if (process.argv[1] === import.meta.filename && !areCommitted(root))
  process.exitCode =
    spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' }).status ?? 1;
