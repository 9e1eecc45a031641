import { existsSync, readFileSync } from 'node:fs';

/** Creates a step that runs a script in Node. The script finds the sampler's files in `dir`. */
function step(script: string): { run: string[] } {
  return { run: [process.execPath, '-e', `${find}${script}`] };
}

const find = `
const fs = require('node:fs'), path = require('node:path');
const base = path.join(process.env.RUNNER_TEMP, 'runner-actions', 'job-metrics');
const dir = path.join(base, fs.readdirSync(base)[0]);
const sampler = () => JSON.parse(fs.readFileSync(path.join(dir, 'sampler.json'), 'utf8'));
const lines = () => fs.readFileSync(path.join(dir, 'series.jsonl'), 'utf8').trim().split('\\n').length;
// Only two samples that are close together give a point. On a busy machine samples may be late.
const points = () => {
  const [head, ...samples] = fs.readFileSync(path.join(dir, 'series.jsonl'), 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line));
  return samples.filter((one, index) => index > 0 && one.monotonic - samples[index - 1].monotonic <= 3 * head.interval).length;
};
const running = (pid = sampler().pid) => { try { return !/\\) Z /.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8')); } catch { return false; } };
let end = Date.now() + 60000;
const until = (true_) => { while (!true_()) if (Date.now() > end) throw new Error('the condition did not become true in time'); };
`;

/** Keeps a CPU busy until the series has this many points. */
export const burnUntil = (points: number) => step(`until(() => points() >= ${points});`);

/** Kills the sampler after some samples, and appends an incomplete line, as a kill may leave it. */
export const killSampler = step(`
until(() => lines() > 3);
process.kill(sampler().pid, 'SIGKILL');
until(() => !running());
fs.appendFileSync(path.join(dir, 'series.jsonl'), '{"wall":1,"mono');
`);

/** Freezes the sampler, so that it reacts neither to the stop file nor to SIGTERM. */
export const stopSamplerProcess = step(`process.kill(sampler().pid, 'SIGSTOP');`);

/** Prints the sampler's pid and environment. */
export const showSampler = step(`
const { pid } = sampler();
until(() => fs.readFileSync('/proc/' + pid + '/environ', 'utf8').includes('RUNNER_ACTIONS_SAMPLER'));
console.log(JSON.stringify({ pid, environ: fs.readFileSync('/proc/' + pid + '/environ', 'utf8').split('\\0') }));
`);

/** Removes the series, as a job does that empties the temp directory, and waits until the sampler has ended. */
export const removeSeries = step(`
const { pid } = sampler();
if (!running(pid)) throw new Error('the sampler does not run');
fs.rmSync(base, { recursive: true });
until(() => !running(pid));
`);

export interface Report {
  end: string;
  skipped: number;
  started: string;
  machine: { cores: { value: number } };
  findings: string[];
  summary: { samples: number; durationSeconds: number; cpu?: { max: number } };
  points: unknown[];
  /** Of the job, and not only of the samples. */
  durationSeconds: number;
}

export function readReport(path: string | undefined): Report | undefined {
  return path !== undefined && existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Report)
    : undefined;
}
