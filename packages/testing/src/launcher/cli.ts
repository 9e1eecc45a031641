// `node packages/testing/src/launcher/cli.ts ACTION_FOLDER [input=value …]`: one action as the runner starts it, main and post.
import { resolve } from 'node:path';
import { launchJob } from './launch.ts';

const [folder, ...inputs] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node packages/testing/src/launcher/cli.ts ACTION_FOLDER [input=value …]');
  process.exitCode = 2;
} else {
  const pairs = inputs.map(
    (input) => [input.slice(0, input.indexOf('=')), input.slice(input.indexOf('=') + 1)] as const,
  );
  const passed = Object.entries(process.env).filter(([name]) => /^(GITHUB|RUNNER|ACTIONS)_/.test(name));
  const job = await launchJob({
    steps: [{ action: resolve(folder), with: Object.fromEntries(pairs) }],
    env: Object.fromEntries(passed.map(([name, value]) => [name, value ?? ''])),
  });
  for (const { phase, stdout, stderr, outputs, summary } of [...job.steps, ...job.posts]) {
    console.log(`--- ${phase}\n${stdout}${stderr}`);
    if (Object.keys(outputs).length > 0) console.log('outputs:', outputs);
    if (summary !== '') console.log(`summary:\n${summary}`);
  }
  console.log(`${job.conclusion}; workspace ${job.workspace}`);
  process.exitCode = job.conclusion === 'success' ? 0 : 1;
}
