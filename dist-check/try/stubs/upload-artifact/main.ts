import { cpSync, globSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const { GITHUB_WORKSPACE = '', TRY_ARTIFACTS = '' } = process.env;
const { INPUT_NAME = 'artifact', INPUT_PATH = '' } = process.env;
const target = join(TRY_ARTIFACTS, basename(INPUT_NAME));
const patterns = INPUT_PATH.split('\n').map((line) => line.trim());
const exclude = patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
const wanted = patterns.filter((line) => line !== '' && !line.startsWith('!'));
const found = globSync(wanted, { cwd: GITHUB_WORKSPACE, exclude });

for (const path of found) {
  const place = relative(GITHUB_WORKSPACE, join(GITHUB_WORKSPACE, path));
  cpSync(join(GITHUB_WORKSPACE, path), join(target, place), { recursive: true });
}
if (found.length === 0) {
  const reaction = process.env['INPUT_IF-NO-FILES-FOUND'] ?? 'warn';
  if (reaction !== 'ignore')
    console.log(`::${reaction === 'error' ? 'error' : 'warning'}::No files were found: ${INPUT_PATH}`);
  if (reaction === 'error') process.exitCode = 1;
} else console.log(`The artifact ${INPUT_NAME} has ${found.length} files or folders.`);
