import { execFileSync } from 'node:child_process';

const { GITHUB_SHA = '', GITHUB_WORKSPACE = '', INPUT_REF = '', STUB_REPOSITORY = '' } = process.env;

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: 'inherit', cwd: GITHUB_WORKSPACE });
}

const { INPUT_REPOSITORY = '', INPUT_TOKEN = '' } = process.env;
console.log(
  `Checks out ${INPUT_REPOSITORY} with ${INPUT_TOKEN === 'job-token' ? 'the token of the job' : 'another token'}.`,
);
if ((process.env['INPUT_SSH-KEY'] ?? '') !== '') console.log('It has an SSH key.');

git('init', '--quiet');
const folders = (process.env['INPUT_SPARSE-CHECKOUT'] ?? '').split('\n').filter((line) => line !== '');
if (folders.length > 0) git('sparse-checkout', 'set', ...folders);
git(
  'fetch',
  '--quiet',
  `--depth=${process.env['INPUT_FETCH-DEPTH']}`,
  `file://${STUB_REPOSITORY}`,
  INPUT_REF || GITHUB_SHA,
);
git('checkout', '--quiet', '--force', 'FETCH_HEAD');
