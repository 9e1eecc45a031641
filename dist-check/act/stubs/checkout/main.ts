import { execFileSync } from 'node:child_process';

const { GITHUB_SHA = '', GITHUB_WORKSPACE = '', INPUT_REF = '', STUB_REPOSITORY = '' } = process.env;

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: 'inherit', cwd: GITHUB_WORKSPACE });
}

git('init', '--quiet');
git(
  'fetch',
  '--quiet',
  `--depth=${process.env['INPUT_FETCH-DEPTH']}`,
  `file://${STUB_REPOSITORY}`,
  INPUT_REF || GITHUB_SHA,
);
git('checkout', '--quiet', '--force', 'FETCH_HEAD');
