import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listActions, root } from '../actions.ts';
import { assemble } from '../release/assemble.ts';
import { commit, git, initialize } from '../release/git.ts';

/** Local folders that act uses instead of GitHub's repositories, by `owner/name@ref`. */
export type Repositories = Record<string, string>;

/**
 * How `select-runner` fails in a scenario: `dead` means that it crashes at once, `dead-once` that it crashes unless it
 * only resolves the fallback, `dropped` that GitHub drops the outputs that contain the label `self-hosted`.
 */
export type SelectorFault = 'dead' | 'dead-once' | 'dropped';

/** A temporary folder with an assembled release and stubs, for runs of act. */
export interface TestBed {
  folder: string;
  /** Returns the repositories of a run. @param selector how `select-runner` fails; by default it works */
  repositories(selector?: SelectorFault): Repositories;
  /** The commit of the source. Actions can be called by it with their long paths. */
  source: string;
  close(): void;
}

const thirdParty = ['checkout', 'create-github-app-token', 'upload-artifact'];

/**
 * Creates a test bed: each commit of a release of this source, the source itself, and stubs for GitHub's own actions.
 */
export function createTestBed(repository = 'org/runner-actions'): TestBed {
  const folder = mkdtempSync(join(tmpdir(), 'act-'));
  const commits = unpackRelease(folder, repository, 'v1');
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
        ...Object.fromEntries(stubs()),
      };
    },
  };
}

/**
 * Assembles a release of this source, and unpacks each of its commits to a folder of `folder` with the commit's name.
 * @returns the commits, of which the tag names the last
 */
export function unpackRelease(folder: string, repository: string, ref: string): string[] {
  const release = join(folder, 'release');
  const { commits } = assemble(root, release, { repository, ref });
  for (const name of commits) unpack(release, name, join(folder, name));
  return commits;
}

function unpack(release: string, name: string, into: string): void {
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['x', '-C', into], {
    input: execFileSync('git', ['archive', name], { cwd: release, maxBuffer: 256 * 1024 * 1024 }),
  });
}

function breakSelector(tree: string, how: SelectorFault): string {
  const broken = `${tree}-${how}`;
  cpSync(tree, broken, { recursive: true });
  const dist = join(broken, 'select-runner/dist');
  cpSync(join(dist, 'main.js'), join(dist, 'real.js'));
  // The bundle's folder is CommonJS.
  cpSync(join(import.meta.dirname, 'stubs/select-runner', `${how}.ts`), join(dist, `${how}.mts`));
  writeFileSync(join(dist, 'main.js'), `import('./${how}.mts');\n`);
  return broken;
}

/** Returns the stubs by the commits that our workflows pin. A workflow that pins another commit finds no stub. */
function stubs(): [string, string][] {
  return thirdParty.map((name) => {
    const text = readFileSync(join(root, '.github/workflows/hybrid-job.yml'), 'utf8');
    const pinned = new RegExp(`uses: actions/${name}@([0-9a-f]{40})`).exec(text)?.[1] ?? '';
    return [`actions/${name}@${pinned}`, join(import.meta.dirname, 'stubs', name)];
  });
}

/** Creates a user's repository with one commit. @returns the hash of the commit */
export function makeRepository(folder: string, files: Record<string, string>): string {
  mkdirSync(dirname(folder), { recursive: true });
  initialize(folder);
  git(folder, ['remote', 'add', 'origin', 'https://github.com/octo/app.git']);
  const tree = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return commit(folder, new Map(tree), 'all', '2026-01-02T03:04:05Z');
}
