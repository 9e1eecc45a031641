import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const { GITHUB_REPOSITORY, GITHUB_SHA = '', GITHUB_WORKSPACE = '', TRY_REPOSITORY = '' } = process.env;
const { INPUT_REF = '', INPUT_PATH = '', INPUT_REPOSITORY = '' } = process.env;
const folder = join(GITHUB_WORKSPACE, INPUT_PATH);

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: 'inherit', cwd: folder });
}

function checkOut(): void {
  if (INPUT_REPOSITORY !== '' && INPUT_REPOSITORY !== GITHUB_REPOSITORY)
    throw new Error(`npm run try has only your repository, not ${INPUT_REPOSITORY}.`);
  mkdirSync(folder, { recursive: true });
  git('init', '--quiet', '--initial-branch=try');
  try {
    git('fetch', '--quiet', `file://${TRY_REPOSITORY}`, INPUT_REF || GITHUB_SHA);
  } catch {
    throw new Error(`npm run try has one commit and one branch, and ${INPUT_REF || GITHUB_SHA} is neither.`);
  }
  git('checkout', '--quiet', '--force', 'FETCH_HEAD');
}

try {
  checkOut();
} catch (error) {
  console.log(`::error::${(error as Error).message}`);
  process.exitCode = 1;
}
