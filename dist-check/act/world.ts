import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listActions, root } from '../actions.ts';
import { assemble } from '../release/assemble.ts';
import { commit, git, initialize } from '../release/commits.ts';

/** What act finds instead of GitHub's repositories: `owner/name@ref` to a folder. */
export type Repositories = Record<string, string>;

/** How the selector is broken in a scenario: it dies at once, or GitHub drops its answer since a secret equals it. */
export type Broken = 'dead' | 'dropped';

export interface World {
  folder: string;
  /** @param selector how the released select-runner is broken; default: not */
  repositories(selector?: Broken): Repositories;
  /** The commit by which the source's long paths can be named. */
  source: string;
  close(): void;
}

const thirdParty = ['checkout', 'create-github-app-token', 'upload-artifact'];

/** A release of this source in each of its commits, the source itself, and stand-ins for GitHub's own actions. */
export function openWorld(repository = 'org/runner-actions'): World {
  const folder = mkdtempSync(join(tmpdir(), 'act-'));
  const release = join(folder, 'release');
  const { commits } = assemble(root, release, { repository, ref: 'v1' });
  for (const name of commits) unpack(release, name, join(folder, name));
  const source = git(root, ['rev-parse', 'HEAD']);
  for (const { name, folder: from } of listActions())
    for (const part of ['action.yml', 'dist'])
      cpSync(join(from, part), join(folder, 'source/actions', name, part), { recursive: true });
  return {
    folder,
    source,
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    repositories: (selector) => {
      const all = [...commits, 'v1'].map((ref) => {
        const tree = join(folder, ref === 'v1' ? (commits.at(-1) ?? '') : ref);
        return [
          `${repository}@${ref}`,
          selector === undefined ? tree : breakSelector(tree, selector),
        ] as const;
      });
      return {
        ...Object.fromEntries(all),
        [`${repository}@${source}`]: join(folder, 'source'),
        ...Object.fromEntries(standIns()),
      };
    },
  };
}

function unpack(release: string, name: string, into: string): void {
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['x', '-C', into], {
    input: execFileSync('git', ['archive', name], { cwd: release, maxBuffer: 256 * 1024 * 1024 }),
  });
}

function breakSelector(tree: string, how: Broken): string {
  const broken = `${tree}-${how}`;
  cpSync(tree, broken, { recursive: true });
  const script =
    how === 'dead'
      ? "process.kill(process.pid, 'SIGKILL');\n"
      : "require('node:fs').appendFileSync(process.env.GITHUB_OUTPUT, 'decision=run\\nis-self-hosted=true\\n');\n";
  writeFileSync(join(broken, 'select-runner/dist/main.js'), script);
  return broken;
}

/** By the commits that our workflows pin, so that a workflow with another one does not find any. */
function standIns(): [string, string][] {
  return thirdParty.map((name) => {
    const text = readFileSync(join(root, '.github/workflows/hybrid-job.yml'), 'utf8');
    const pinned = new RegExp(`uses: actions/${name}@([0-9a-f]{40})`).exec(text)?.[1] ?? '';
    return [`actions/${name}@${pinned}`, join(import.meta.dirname, 'stand-ins', name)];
  });
}

/** A user's repository with one commit. @returns the commit's name */
export function makeRepository(folder: string, files: Record<string, string>): string {
  mkdirSync(dirname(folder), { recursive: true });
  initialize(folder);
  git(folder, ['remote', 'add', 'origin', 'https://github.com/octo/app.git']);
  const tree = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return commit(folder, new Map(tree), 'all', '2026-01-02T03:04:05Z');
}
