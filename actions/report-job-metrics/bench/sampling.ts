// Compares the load of the sampler with that of a process that takes the same samples through `systeminformation`, as
// other actions do: `node actions/report-job-metrics/bench/sampling.ts`, after `npm run build` and, in a folder of your
// choice, `npm install systeminformation@5.33.23`. Run it with that folder as SYSTEMINFORMATION.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describeMachine } from '../src/sampling/sample-io.ts';
import { type SamplerSettings, seriesFiles, settingsVariable } from '../src/sampling/series-files.ts';

const [interval, warmUp, seconds] = [500, 5_000, 40_000];
const directory = mkdtempSync(join(tmpdir(), 'sampling-'));
const files = seriesFiles(directory);
writeFileSync(files.series, `${JSON.stringify(describeMachine(interval))}\n`);
const settings: SamplerSettings = {
  ...{ directory, interval, maxAge: 600_000 },
  paths: [process.cwd(), tmpdir(), '/'],
  // This process is in the place of the one that starts a job's steps.
  place: { parent: { ...startOf(process.pid), isWorker: true } },
};
const others = `
const si = require(process.argv[1]);
const take = () => Promise.all([si.currentLoad(), si.mem(), si.networkStats(), si.fsStats(), si.fsSize()]);
setInterval(take, ${interval});`;
const folder = process.env['SYSTEMINFORMATION'];
const children: [string, ChildProcess][] = [
  ['sampler', start([join(import.meta.dirname, '..', 'dist', 'sampler', 'index.js')])],
  ['node alone', start(['-e', 'setInterval(() => undefined, 500)'])],
];
if (folder !== undefined)
  children.push([
    'systeminformation',
    start(['-e', others, join(folder, 'node_modules', 'systeminformation')]),
  ]);

await wait(warmUp);
const before = children.map(([, child]) => cpuOf(child.pid ?? 0));
const bytesBefore = statSync(files.series).size;
await wait(seconds);
const samples = seconds / interval;
for (const [index, [name, child]] of children.entries()) {
  const cpu = (cpuOf(child.pid ?? 0) - (before[index] ?? 0)) / samples;
  console.log(
    `${name}: ${(cpu * 1000).toFixed(2)} ms of CPU a sample, ${((cpu / 2) * 100).toFixed(3)} % of one CPU at 2 s; ${memoryOf(child.pid ?? 0, 'RssAnon')} MiB of its own, ${memoryOf(child.pid ?? 0, 'VmRSS')} MiB with Node's program`,
  );
}
const bytes = (statSync(files.series).size - bytesBefore) / samples;
console.log(
  `${Math.round(bytes)} bytes a sample: ${((bytes * 1_800) / 2 ** 20).toFixed(2)} MiB an hour at 2 s.`,
);
for (const [, child] of children) child.kill('SIGKILL');

function start(argv: string[]): ChildProcess {
  return spawn(process.execPath, argv, {
    env: { PATH: process.env['PATH'], [settingsVariable]: JSON.stringify(settings) },
    stdio: 'ignore',
  });
}

/** Returns the CPU seconds of a process and of its children that ended. Clock ticks are hundredths of a second. */
function cpuOf(pid: number): number {
  return (
    fieldsOf(pid)
      .slice(11, 15)
      .reduce((sum, ticks) => sum + ticks, 0) / 100
  );
}

function startOf(pid: number): { pid: number; startTime: number } {
  return { pid, startTime: fieldsOf(pid)[19] ?? 0 };
}

function fieldsOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

function memoryOf(pid: number, name: string): string {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  const kilobytes = lines.find((line) => line.startsWith(`${name}:`))?.replaceAll(/\D/g, '');
  return (Number(kilobytes) / 1024).toFixed(0);
}
