import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type JobOptions, type JobResult, launchJob } from '@runner-actions/testing';
import { saveEntryOf } from './items/made-store.ts';
import { startFakeEngine } from '@runner-actions/testing/engine';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const shell = (script: string) => ({ run: ['/bin/sh', '-c', script] as [string, ...string[]] });

interface Report {
  low: string[];
  items: { item: string; steps: { action: string; what: string }[]; outcome?: { removed: number } }[];
}
const reportOf = (path: string | undefined) => JSON.parse(readFileSync(path ?? '', 'utf8')) as Report;
const itemOf = (report: Report, name: string) => report.items.find(({ item }) => item === name);

/** Runs a job below a process that looks like the runner's worker, whose start is that of the job. */
async function launchBelowWorker(options: JobOptions): Promise<Pick<JobResult, 'conclusion' | 'posts'>> {
  const script = `const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
    const { conclusion, posts } = await launchJob(${JSON.stringify(options)});
    console.log('\\n' + JSON.stringify({ conclusion, posts }));`;
  const worker = join(options.directory ?? '', 'bin/Runner.Worker');
  const shell = ['-c', 'exec -a "$0" "$@"', worker, process.execPath, '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)('/bin/bash', shell);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Pick<JobResult, 'conclusion' | 'posts'>;
}

describe.runIf(process.platform === 'linux')('cleanup-workspace and what a job leaves behind', () => {
  // It ends by itself when its folder has gone.
  const writer = shell(
    `mkdir busy && (setsid sh -c 'while echo x > busy/$(date +%N); do :; done' > /dev/null 2>&1 &) ; while [ -z "$(ls busy)" ]; do :; done`,
  );

  it('ends a process that still writes to the workspace, and then empties it', async () => {
    const job = await launchJob({ steps: [{ action, with: { strict: 'true' } }, writer] });
    expect(job.conclusion, job.posts[0]?.stdout).toBe('success');
    expect(readdirSync(job.workspace)).toEqual([]);
    const report = reportOf(job.steps[0]?.outputs['report']);
    expect(itemOf(report, 'processes')?.outcome?.removed).toBeGreaterThan(0);
  });

  it('leaves processes alone in the middle of a job, and in a dry run', async () => {
    const [sleep, alive] = [shell('sleep 60 > /dev/null 2>&1 & echo $! > pid'), shell('kill -0 $(cat pid)')];
    const now = { action, with: { when: 'now', keep: 'pid' } };
    const dry = { action, with: { when: 'now', 'dry-run': 'true', processes: 'true' } };
    const job = await launchJob({ steps: [sleep, now, alive, dry, alive] });
    expect(job.conclusion).toBe('success');
    const report = reportOf(job.steps[3]?.outputs['report']);
    expect(itemOf(report, 'processes')?.steps).toMatchObject([{ action: 'remove', what: /sleep \(pid/ }]);
  });

  it('removes a container that mounts the workspace, asks before, and leaves others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    const workspace = join(directory, '_work/app/app');
    mkdirSync(workspace, { recursive: true });
    // Without it, the runner would count as another one.
    writeFileSync(join(directory, '.runner'), '{}');
    const container = (id: string, source: string) => ({
      ...{
        Id: id.repeat(64),
        ImageID: 'sha256:1',
        Image: 'sha256:1',
        Name: `/${id}`,
        // After the start of both jobs, however slow the first one is. Clocks may differ by a minute.
        Created: new Date(Date.now() + 50_000).toISOString(),
      },
      Config: { Labels: {} },
      HostConfig: { RestartPolicy: { Name: 'no' } },
      Mounts: [{ Type: 'bind', Source: source, Destination: '/x' }],
      NetworkSettings: { Networks: {} },
      State: { Running: true },
    });
    const engine = await startFakeEngine({
      machine: hostname(),
      containers: [container('a', workspace), container('b', join(directory, 'elsewhere'))],
    });
    try {
      const env = { DOCKER_HOST: `unix://${engine.socket}` };
      const dry = await launchBelowWorker({
        steps: [{ action, with: { 'dry-run': 'true' } }],
        directory,
        env,
      });
      expect(dry.posts[0]?.stdout).toMatch(/remove "'a' a{12}" \(it mounts a folder of this job\)/);
      expect(engine.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
      const job = await launchBelowWorker({ steps: [{ action }], directory, env });
      expect(job.conclusion).toBe('success');
      const changes = engine.calls.filter((call) => !call.startsWith('GET'));
      expect(changes.some((call) => call.startsWith(`DELETE /containers/${'a'.repeat(64)}`))).toBe(true);
      expect(changes.join()).not.toContain('b'.repeat(64));
    } finally {
      await engine.close();
    }
  });

  it('removes locks and credentials from a .git that stays, and nothing else', async () => {
    const config = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://github.com/octo/app\n';
    const secret = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic c2VjcmV0\n';
    const make = shell(`git init -q && printf '%s' "$1" > .git/config && touch .git/index.lock file`);
    make.run.push('sh', config + secret);
    const job = await launchJob({ steps: [{ action, with: { keep: '.git', strict: 'true' } }, make] });
    expect(job.conclusion, job.posts[0]?.stdout).toBe('success');
    expect(readdirSync(job.workspace)).toEqual(['.git']);
    expect(readFileSync(join(job.workspace, '.git/config'), 'utf8')).toBe(config);
    expect(existsSync(join(job.workspace, '.git/index.lock'))).toBe(false);
    expect(job.posts[0]?.stdout).not.toContain('c2VjcmV0');
    execFileSync('git', ['-C', job.workspace, 'status']);
  });

  it('frees more only if a disk is low, and only what it may', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    mkdirSync(join(directory, '_diag'));
    writeFileSync(join(directory, '.runner'), '{}');
    writeFileSync(join(directory, '_diag/Worker_20260101-000000-utc.log'), '');
    const now = { when: 'now', 'disk-low': '0%', reclaim: 'diagnostics' };
    const low = { action, with: { ...now, 'disk-high': '0%' } };
    const fine = { action, with: { ...now, 'disk-high': '100%' } };
    const auto = { action, with: { ...now, 'disk-high': '0%', reclaim: 'auto' } };
    const job = await launchJob({ steps: [low, fine, auto], directory });
    expect(job.steps.map(({ outputs }) => outputs['triggered'])).toEqual(['true', 'false', 'false']);
    const [first, second] = job.steps.map(({ outputs }) => reportOf(outputs['report']));
    expect(first?.low[0]).toMatch(/ % full \(inodes: /);
    expect(itemOf(first as Report, 'diagnostics')?.steps).toMatchObject([{ action: 'keep' }]);
    expect(itemOf(second as Report, 'diagnostics')).toBeUndefined();
    expect(readdirSync(join(directory, '_diag'))).toHaveLength(1);
  });

  it('frees the cache store without being asked, but nothing that was used recently', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    const [own, shared] = [join(directory, '_work/_runner-actions-cache'), join(directory, 'shared')];
    const [entry, old, recent] = [saveEntryOf(own, 3), saveEntryOf(shared, 9), saveEntryOf(shared, 0)];
    const now = { when: 'now', 'disk-low': '0%', 'disk-high': '0%' };
    const ofRunner = { action, with: { ...now, 'dry-run': 'true' } };
    const ofMachine = { action, with: now, env: { RUNNER_ACTIONS_CACHE: shared } };
    const job = await launchJob({ steps: [ofRunner, ofMachine], directory });
    expect(job.conclusion, job.steps[1]?.log).toBe('success');
    const [dry, run] = job.steps.map(({ outputs }) => itemOf(reportOf(outputs['report']), 'caches'));
    expect(dry?.steps).toMatchObject([
      { what: entry, why: expect.stringContaining("'old-3' of 'octo/secret'") },
    ]);
    expect(job.steps[0]?.log).toContain('remove 1 entry (5 B), by name in the report');
    expect(run).toMatchObject({ steps: [{ what: old }], outcome: { removed: 1, freedBytes: 5 } });
    expect([entry, old, recent].map((path) => existsSync(path))).toEqual([true, false, true]);
  });

  it.each([
    [
      { reclaim: 'images, volumes' },
      /Input 'reclaim' has 'volumes': expected 'auto' or 'off' alone, or a list/,
    ],
    [{ 'disk-high': '70%', 'disk-low': '80%' }, /Input 'disk-low' is 80%: expected at most 'disk-high'/],
    [{ containers: 'all' }, /Input 'containers' is 'all': expected one of owned, off/],
  ])('refuses the inputs %o', async (inputs: Record<string, string>, message) => {
    const { steps } = await launchJob({ steps: [{ action, with: inputs }] });
    expect(steps[0]?.annotations[0]?.message).toMatch(message);
  });
});
