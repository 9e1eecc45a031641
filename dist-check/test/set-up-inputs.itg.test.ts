// Tests what the root action says of wrong inputs. Runs the script of its first step with bash.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';
import { readRootAction } from '../release/workflows.ts';

interface Action {
  runs: { steps: { run: string }[] };
}

it('says which inputs are wrong, and no value can give the log a command', () => {
  const [step] = (parse(readRootAction(root).text) as Action).runs.steps;
  const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step?.run ?? ''], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ...{
        CLEAN_UP: 'no',
        METRICS: 'o\n::warning::f f',
        CHECKOUT: 'FALSE',
        VALIDATION: '',
        LACKS_KEY: 'true',
      },
    },
  });
  expect(status).toBe(1);
  expect(stdout.split('\n')).toEqual([
    "::error::Input 'clean-up' is 'no': expected true or false.",
    String.raw`::error::Input 'metrics' is '$'o\n::warning::f f'': expected true or false.`,
    "::error::Input 'key' is missing: 'path' and 'key-files' need it, for example 'key: npm'.",
    '',
  ]);
});
