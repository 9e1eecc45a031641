// Prints a record. In `show`: `names` adds the names of variables and of the claims in the runtime token; `outputs` sets
// outputs that the runner keeps, and some that it drops.
import { claimNames, emit, input, isShown, variableNames, writeFile } from './runner.ts';

const names = isShown('names') ? { names: variableNames(process.env), claims: claimNames(process.env) } : {};
emit({ experiment: `${input('label')} main`, value: input('value'), status: input('status'), ...names });
writeFile('GITHUB_STATE', 'label', input('label'));
if (isShown('outputs')) {
  writeFile('GITHUB_OUTPUT', 'plain', 'kept');
  writeFile('GITHUB_OUTPUT', 'lines', 'one\ntwo');
  writeFile('GITHUB_OUTPUT', 'Mixed-Case_1', 'kept');
  writeFile('GITHUB_OUTPUT', 'empty', '');
  console.log('::add-mask::live-check-secret');
  writeFile('GITHUB_OUTPUT', 'secret', 'with live-check-secret in it');
  // Reports say that GitHub also drops what only looks like a secret. The launcher knows no such patterns.
  writeFile('GITHUB_OUTPUT', 'like-a-secret', 'Authorization: Bearer live-check-0123456789');
}
