import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSeries } from '../../src/sampling/sample.ts';

const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Where the job finds its folder: the folder of a test is in one that only its owner may enter. */
const place = '/mnt';

/** Returns a command that runs another one as nobody, in a namespace whose /proc has an option. Its first process is root's. */
function withProc(option: string, folder: string): string[] {
  const script = `mount --bind "$1" ${place} && mount -t proc -o "$0" proc /proc && shift && "$@"; exit $?`;
  const namespace = ['unshare', '--mount', '--pid', '--fork', '--kill-child'];
  return [...namespace, 'sh', '-c', script, option, folder, ...nobody];
}

const run = ([program = '', ...args]: readonly string[]) =>
  spawnSync(program, args, {
    ...{ encoding: 'utf8', timeout: 120_000 },
    env: { ...process.env, TMPDIR: place },
  });
/** Whether the machine has such a /proc, and lets nobody run this Node. */
const isPossible = run([...withProc('hidepid=2', tmpdir()), process.execPath, '--version']).status === 0;
const reason = isPossible ? '' : ' (skipped: only root with namespaces can mount /proc; needs util-linux)';

/** Runs a job as nobody, and returns the samples of its series and their notes. */
function measured(option: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hidden-'));
  chmodSync(folder, 0o777);
  const job = join(import.meta.dirname, '..', 'job-in-runner.ts');
  const busy = 'for ((i = 0; i < 300000; i++)); do :; done; sleep 0.6';
  const done = run([...withProc(option, folder), process.execPath, job, join(place, 'series.jsonl'), busy]);
  expect([done.stderr, done.status]).toEqual(['', 0]);
  const samples = parseSeries(readFileSync(join(folder, 'series.jsonl'), 'utf8'))?.samples ?? [];
  return { samples, notes: samples.flatMap(({ notes = [] }) => notes).join('\n') };
}

describe.skipIf(!isPossible)(`a /proc that hides, for real${reason}`, () => {
  it('hidepid: tells that other jobs are unknown, and measures this one and the machine', () => {
    const { samples, notes } = measured('hidepid=2');
    expect(notes).toContain('/proc hides the processes of other users here (hidepid)');
    expect(samples.at(-1)?.cpu).toBeDefined();
    expect(samples.at(-1)?.memory).toBeDefined();
    expect(samples.at(-1)?.job).toMatchObject({ source: 'processes', memoryBytes: expect.any(Number) });
    expect(samples.at(-1)?.job?.cpuSeconds).toBeGreaterThan(0.2);
  });

  it('subset=pid: tells that the machine is unknown, and measures the processes of this job', () => {
    const { samples, notes } = measured('subset=pid');
    expect(notes).toContain('/proc shows only processes here (subset=pid)');
    expect(notes).not.toContain('hidepid');
    expect(samples.at(-1)?.cpu).toBeUndefined();
    expect(samples.at(-1)?.disks.length).toBeGreaterThan(0);
    expect(samples.at(-1)?.job?.cpuSeconds).toBeGreaterThan(0.2);
  });
});
