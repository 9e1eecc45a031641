import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type JobOptions, type JobResult, withPolicy } from '@runner-actions/testing';
import { makeRunner } from './world.ts';

export interface HookedJob extends Omit<JobOptions, 'cancel' | 'onStart' | 'steps'> {
  steps?: JobOptions['steps'];
  /** The Node that runs the hooks. */
  node?: string;
  /** Whether the runner's folder is on a disk of its own, which `fillDisk` can fill. */
  small?: boolean;
}

/** Whether this machine allows a policy for a test. */
export const isAllowed = withPolicy('') !== undefined;

/**
 * Runs a job with both hooks, below a process with the name of a runner's worker, on a machine with this policy.
 * @returns `undefined` if the worker is killed
 */
export async function runHookedJob(policy: string, job: HookedJob = {}): Promise<JobResult | undefined> {
  const { directory = makeRunner(), node, ...others } = job;
  const worker = ['bash', '--norc', '-c', 'exec -a "$0" "$@"', join(directory, 'bin/Runner.Worker')];
  const script = join(import.meta.dirname, 'job-of-worker.ts');
  const argument = JSON.stringify({ steps: [burn(1)], ...others, directory });
  // On the small disk, the runner has another folder than this one.
  const named = job.small === true ? [] : worker;
  const argv = [...(withPolicy(policy) ?? []), ...named, process.execPath, script, argument];
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
      ...(node === undefined ? {} : { NODE_OF_RUNNER: node }),
    },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await new Promise((done) => child.on('close', done));
  return text === '' ? undefined : (JSON.parse(text) as JobResult);
}

const find = `
const fs = require('node:fs'), path = require('node:path');
const base = path.join(process.env.RUNNER_TEMP, 'runner-actions/job-metrics');
const name = fs.existsSync(base) ? fs.readdirSync(base).find((one) => one.endsWith('-hook')) : undefined;
const series = path.join(base, name ?? '-hook', 'series.jsonl');
`;

/** A step that uses a CPU for some seconds, and then until the hooks' series has some samples more. */
export const burn = (seconds: number) => ({
  run: [
    process.execPath,
    '-e',
    `${find}
const lines = () => fs.readFileSync(series, 'utf8').trim().split('\\n').length;
const used = () => process.cpuUsage().user / 1e6;
for (const from = lines(), end = Date.now() + 60000; used() < ${seconds} || lines() < from + 2;)
  if (Date.now() > end) throw new Error('there are no more samples');`,
  ],
});

export interface ShownSampler {
  pid: number;
  startTime: number;
  environment: string[];
}

/** A step that writes the identity and the environment of the sampler of the hooks to a file. */
export const showSampler = (file: string) => ({
  run: [
    process.execPath,
    '-e',
    `${find}
const identity = JSON.parse(fs.readFileSync(path.join(base, name, 'sampler.json'), 'utf8'));
const environment = fs.readFileSync('/proc/' + identity.pid + '/environ', 'utf8').split('\\0');
fs.writeFileSync(process.argv[1], JSON.stringify({ ...identity, environment }));`,
    file,
  ],
});
