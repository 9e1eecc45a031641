import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseSeries, type Sample } from '../src/sampling/sample.ts';

const hierarchies = ['memory', 'cpuacct'].map((name) => join('/sys/fs/cgroup', name));
/** Why no job can have a cgroup of its own here; `undefined` if it can. */
const missing =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root can create cgroups'
    : hierarchies.some((folder) => !existsSync(join(folder, 'cgroup.procs')))
      ? 'no cgroups of version 1 are mounted'
      : undefined;

/** Runs a job below a process that looks like a runner's worker, in cgroups of its own. Returns its samples. */
async function runJob(name: string, script: string, { alone }: { alone: boolean }): Promise<Sample[]> {
  const root = mkdtempSync(join(tmpdir(), `runner-${name}-`));
  const worker = join(root, 'bin', 'Runner.Worker');
  mkdirSync(join(root, 'bin'));
  copyFileSync('/bin/bash', worker);
  const cgroups = hierarchies.map((folder) => join(folder, `runner-actions-test-${process.pid}-${name}`));
  for (const folder of cgroups) mkdirSync(folder);
  const enter = cgroups.map((folder) => `echo $$ > ${folder}/cgroup.procs; `).join('');
  // Where another process is in the cgroup, its counters are not those of the job.
  const stranger = alone ? undefined : spawn('bash', ['-c', `${enter} exec sleep 600`], { stdio: 'ignore' });
  const out = join(root, 'series.jsonl');
  const script_ = join(import.meta.dirname, 'job-in-runner.ts');
  const argv = ['-c', `${enter} "$0" "$@"; exit $?`, process.execPath, script_, out, script];
  const child = spawn(worker, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    expect(await once(child, 'exit')).toEqual([0, null]);
    return parseSeries(readFileSync(out, 'utf8'))?.samples ?? [];
  } finally {
    if (stranger !== undefined) await end(stranger);
    for (const folder of cgroups) await removeCgroup(folder);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** A cgroup can be removed when its last process has been collected. */
async function removeCgroup(folder: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return rmdirSync(folder);
    } catch (error) {
      if (tries === 100) throw error;
      await wait(50);
    }
  }
}

/** What grew from the first sample that tells of the job to the last one. */
function grown(samples: readonly Sample[], of: (sample: Sample) => number | undefined): number {
  const told = samples.filter(({ job }) => job !== undefined);
  return (of(told.at(-1)!) ?? Number.NaN) - (of(told[0]!) ?? Number.NaN);
}

const node = JSON.stringify(process.execPath);
/** A build as it happens: memory, many short processes, a child without the environment, and an orphan. */
const build = `
${node} -e 'const b = Buffer.alloc(700 * 2 ** 20, 1); while (process.cpuUsage().user < 3e6); b[0]' &
for i in $(seq 200); do /bin/true; done
env -i bash -c 'for ((i = 0; i < 800000; i++)); do :; done'
(setsid bash -c 'for ((i = 0; i < 800000; i++)); do :; done' &) ; sleep 3.5
wait`;

describe.skipIf(missing !== undefined)(`whose use, for real${missing ? `: ${missing}` : ''}`, () => {
  it('tells two jobs on one machine apart, within 5 % of the counters of their cgroups', async () => {
    const [busy, idle] = await Promise.all([
      runJob('busy', build, { alone: false }),
      runJob('idle', 'sleep 8', { alone: false }),
    ]);
    const [job, kernel] = [
      grown(busy, (sample) => sample.job?.cpuSeconds),
      grown(busy, ({ cgroup }) => cgroup?.cpuSeconds),
    ];
    expect(busy.at(-1)?.job?.source).toBe('processes');
    expect(kernel).toBeGreaterThan(5);
    console.log(job, kernel);
    expect(Math.abs(job / kernel - 1), `${job} s by processes, ${kernel} s by the cgroup`).toBeLessThan(0.05);
    const most = (of: (sample: Sample) => number): number => Math.max(...busy.map(of));
    const memory = most((sample) => sample.job?.memoryBytes ?? 0);
    const ofKernel = most(({ cgroup }) => cgroup?.anonymousBytes ?? 0);
    expect(memory / ofKernel, `${memory} B by processes, ${ofKernel} B by the cgroup`).toBeGreaterThan(0.9);
    expect(memory / ofKernel).toBeLessThan(1.05);
    // A job that slept is told so, on a machine that was busy.
    expect(grown(idle, (sample) => sample.job?.cpuSeconds)).toBeLessThan(1);
    expect(idle.map(({ neighbours }) => neighbours)).toContain(1);
    expect(busy.flatMap(({ job }) => job?.heaviest ?? []).map(({ name }) => name)).toContain('bash');
  });

  it('takes the counters of a cgroup that holds only the job and its runner', async () => {
    const samples = await runJob('alone', 'sleep 1.5', { alone: true });
    expect(samples.at(-1)?.job?.source).toBe('cgroup');
  });
});
