// One action as the runner starts it, main and post, in a job of its own; see `usage`.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const usage = `Usage: node packages/testing/src/launcher/cli.ts [--source | --inspect] ACTION_FOLDER [input=value …]
Runs the built action in a job with no other steps. Its folder has an action.yml.
--source runs its src/index.ts instead; --inspect does, and lets each phase wait for a debugger on 127.0.0.1:9229.
GITHUB_*, RUNNER_* and ACTIONS_* of the environment take the place of what the runner would set.
Without GITHUB_API_URL, GitHub is a simulator that knows an empty repository.`;

const [first = '', ...others] = process.argv.slice(2);
const isSwitch = first === '--source' || first === '--inspect';
const [folder = '', ...inputs] = isSwitch ? others : [first, ...others];
const asksForHelp = [folder, ...inputs].some((argument) => ['-h', '--help'].includes(argument));
const wrong = inputs.find((input) => !input.includes('='));
if (asksForHelp) console.log(usage);
else if (wrong !== undefined || !existsSync(join(folder, 'action.yml'))) {
  if (wrong !== undefined) console.error(`'${wrong}' is not input=value.`);
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
    wrap: isSwitch ? fromSource(first) : [],
  });
  for (const { phase, stdout, stderr, outputs, summary } of [...job.steps, ...job.posts]) {
    console.log(`--- ${phase}\n${stdout}${stderr}`);
    if (Object.keys(outputs).length > 0) console.log('outputs:', outputs);
    if (summary !== '') console.log(`summary:\n${summary}`);
  }
  console.log(`${job.conclusion}; workspace ${job.workspace}`);
  process.exitCode = job.conclusion === 'success' ? 0 : 1;
}

/** For `wrap`: starts the source of the script, with the phase that the script stands for. */
function fromSource(how: '--source' | '--inspect'): string[] {
  const flags = how === '--inspect' ? '--inspect-brk=127.0.0.1:9229' : '';
  const script = `exec "$1" ${flags} "\${2%/dist/*}/src/index.ts" "$(basename "$2" .js)"`;
  return ['/bin/sh', '-c', script, 'sh'];
}
