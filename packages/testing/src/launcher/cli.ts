// Runs the main phase and the post of one action in a job without other steps, see `usage`.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const usage = `Usage: node packages/testing/src/launcher/cli.ts [--source | --inspect] ACTION_FOLDER [input=value …]
Runs the built action in a job with no other steps. ACTION_FOLDER must contain an action.yml.
--source runs src/index.ts instead of the built action.
--inspect runs src/index.ts too. Each phase waits for a debugger on 127.0.0.1:9229.
GITHUB_*, RUNNER_* and ACTIONS_* environment variables replace the values that the runner would set.
Without GITHUB_API_URL, the job gets a simulator of GitHub that knows one empty repository.`;

const [first = '', ...others] = process.argv.slice(2);
const isOption = first === '--source' || first === '--inspect';
const [folder = '', ...inputs] = isOption ? others : [first, ...others];
const wantsHelp = [folder, ...inputs].some((argument) => ['-h', '--help'].includes(argument));
const invalid = inputs.find((input) => !input.includes('='));
if (wantsHelp) console.log(usage);
else if (invalid !== undefined || !existsSync(join(folder, 'action.yml'))) {
  if (invalid !== undefined) console.error(`'${invalid}' does not have the form input=value.`);
  else if (folder !== '') console.error(`${folder} has no action.yml.`);
  console.error(usage);
  process.exitCode = 2;
} else {
  const { launchJob } = await import('./launch.ts');
  const pairs = inputs.map(
    (input) => [input.slice(0, input.indexOf('=')), input.slice(input.indexOf('=') + 1)] as const,
  );
  const passed = Object.entries(process.env).filter(([name]) => /^(GITHUB|RUNNER|ACTIONS)_/.test(name));
  const job = await launchJob({
    steps: [{ action: resolve(folder), with: Object.fromEntries(pairs) }],
    env: Object.fromEntries(passed.map(([name, value]) => [name, value ?? ''])),
    wrap: isOption ? sourceWrapper(first) : [],
  });
  for (const { phase, stdout, stderr, outputs, summary } of [...job.steps, ...job.posts]) {
    console.log(`--- ${phase}\n${stdout}${stderr}`);
    if (Object.keys(outputs).length > 0) console.log('outputs:', outputs);
    if (summary !== '') console.log(`summary:\n${summary}`);
  }
  console.log(`${job.conclusion}; workspace ${job.workspace}`);
  process.exitCode = job.conclusion === 'success' ? 0 : 1;
}

/** Returns a `wrap` command that starts src/index.ts instead of the built script, with the phase as its argument. */
function sourceWrapper(option: '--source' | '--inspect'): string[] {
  const flags = option === '--inspect' ? '--inspect-brk=127.0.0.1:9229' : '';
  const script = `exec "$1" ${flags} "\${2%/dist/*}/src/index.ts" "$(basename "$2" .js)"`;
  return ['/bin/sh', '-c', script, 'sh'];
}
