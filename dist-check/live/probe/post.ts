// Prints a record, and tries to set an output. In `show`: `workspace` adds what the clean-up left; `results` prints one
// more record for each action in `steps`.
import { existsSync } from 'node:fs';
import { emit, input, isShown, writeFile } from './runner.ts';

const left = isShown('workspace')
  ? { left: ['actions', 'litter'].filter((name) => existsSync(name)).join(' ') }
  : {};
const state = process.env['STATE_label'] ?? '';
emit({
  experiment: `${input('label')} post`,
  value: input('value'),
  status: input('status'),
  state,
  ...left,
});
writeFile('GITHUB_OUTPUT', 'from-post', 'kept');
if (isShown('results')) {
  const { resultsOf } = await import('./results.ts');
  for (const record of resultsOf(input('steps'))) emit(record);
}
