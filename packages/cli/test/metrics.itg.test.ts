// The hooks measure jobs: the built hooks around jobs below a worker's process.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { processAlive } from '@runner-actions/host';
import { fillDisk, type JobResult } from '@runner-actions/testing';
import { groupPath, textfileName } from '@runner-actions/metrics';
import { describe, expect, it } from 'vitest';
import { isAllowed, burn, runHookedJob, type ShownSampler, showSampler } from './hooked-job.ts';
import { makeRunner, nodes } from './world.ts';

const action = resolve(import.meta.dirname, '../../../actions/report-job-metrics');
const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'textfiles-'));
const policyWith = (folder: string): string =>
  `metrics: { interval: 500ms, textfile-directory: ${folder} }\n`;
const readTextfile = (folder: string, name = 'runner-1.prom'): string =>
  readFileSync(join(folder, name), 'utf8');
/** Returns the value of the only series of a metric. */
const valueOf = (text: string, metric: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${metric}{`))
      ?.split('} ')[1],
  );
const warningsOf = ({ hooks }: JobResult): string[] =>
  [hooks.started, hooks.completed].flatMap((hook) => hook?.annotations ?? []).map(({ message }) => message);
const exitCodes = ({ hooks }: JobResult) => [hooks.started?.exitCode, hooks.completed?.exitCode];

/** Runs a job that must end by itself. */
async function run(...[policy, job]: Parameters<typeof runHookedJob>): Promise<JobResult> {
  const result = await runHookedJob(policy, job);
  if (result === undefined) throw new Error('the worker was killed');
  return result;
}

/** Runs a job with a Pushgateway that answers with a status. @returns its requests too */
async function runWithGateway(status: number): Promise<[{ url: string; text: string }[], JobResult]> {
  const requests: { url: string; text: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', text });
      response.writeHead(status).end(status === 202 ? '' : 'no thanks');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    return [requests, await run(`metrics: { interval: 500ms, pushgateway: "http://127.0.0.1:${port}" }\n`)];
  } finally {
    server.close();
  }
}

const whyNot = isAllowed ? '' : ' (skipped: this machine allows no mount namespaces)';

describe.runIf(isAllowed)(`hooks with metrics in the policy${whyNot}`, () => {
  it.each(nodes)('tell what the job used, in its log and in a textfile, with %s', async (node) => {
    const folder = makeFolder();
    const job = await run(policyWith(folder), { node });
    expect([job.conclusion, warningsOf(job), job.orphans]).toEqual(['success', [], []]);
    expect(job.hooks.started?.log).toContain('This job is measured every 0.5 s.');
    expect(job.hooks.completed?.log).toMatch(
      /^This job used in .* of CPU time, at most .* of \d+ CPUs and at most .*iB of memory\. In use in all/m,
    );
    expect(readdirSync(folder)).toEqual(['runner-1.prom']);
    const text = readTextfile(folder);
    expect(text).toContain(
      'ghjob_cpu_seconds{job="build",repository="octo/app",runner="runner-1",runner_class="unknown",workflow="CI"}',
    );
    expect(valueOf(text, 'ghjob_cpu_seconds')).toBeGreaterThan(0.5);
    expect(valueOf(text, 'ghjob_memory_peak_bytes')).toBeGreaterThan(2 ** 20);
  });

  it('give the sampler the tracking id of the job, and no token', async () => {
    const file = join(makeFolder(), 'sampler.json');
    const secret = { ACTIONS_RUNTIME_TOKEN: 'a-secret', GITHUB_TOKEN: 'a-secret' };
    await run('metrics: {}\n', { steps: [showSampler(file)], machine: secret });
    const { pid, startTime, environment } = JSON.parse(readFileSync(file, 'utf8')) as ShownSampler;
    expect(environment.some((variable) => variable.startsWith('RUNNER_TRACKING_ID=github_'))).toBe(true);
    expect(environment.join()).not.toContain('a-secret');
    expect(processAlive(pid, startTime)).toBe(false);
  });

  it('tell two jobs apart that run at once on two runners', async () => {
    const folder = makeFolder();
    const idle = { run: ['sleep', '1'] };
    const [busy, quiet] = await Promise.all([
      run(policyWith(folder), { steps: [burn(3)], env: { RUNNER_NAME: 'busy' } }),
      run(policyWith(folder), { steps: [idle], env: { RUNNER_NAME: 'quiet' } }),
    ]);
    expect([...warningsOf(busy), ...warningsOf(quiet)]).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['busy.prom', 'quiet.prom']);
    const used = ['busy.prom', 'quiet.prom'].map((name) =>
      valueOf(readTextfile(folder, name), 'ghjob_cpu_seconds'),
    );
    expect(used[0]).toBeGreaterThan(2.7);
    expect(used[1]).toBeLessThan(2);
  });

  it('leave no sampler behind when the worker is killed, and measure the next job', async () => {
    const folder = makeFolder();
    const file = join(folder, 'sampler.json');
    const directory = makeRunner();
    // The worker is the parent of the step.
    const kill = { run: ['/bin/sh', '-c', 'kill -9 $PPID'] };
    expect(
      await runHookedJob(policyWith(folder), { directory, steps: [showSampler(file), kill] }),
    ).toBeUndefined();
    const { pid, startTime } = JSON.parse(readFileSync(file, 'utf8')) as ShownSampler;
    await expect.poll(() => processAlive(pid, startTime)).toBe(false);
    const next = await run(policyWith(folder), { directory });
    expect([next.conclusion, warningsOf(next), next.orphans]).toEqual(['success', [], []]);
    expect(valueOf(readTextfile(folder), 'ghjob_cpu_seconds')).toBeGreaterThan(0.5);
  });

  it('and a step with report-job-metrics each report the job', async () => {
    const folder = makeFolder();
    const own = { action, with: { interval: '500ms', charts: 'none', baseline: 'off' } };
    const job = await run(policyWith(folder), { steps: [own, burn(1)] });
    expect([job.conclusion, job.orphans]).toEqual(['success', []]);
    expect(job.posts[0]?.summary).toContain('| CPU |');
    expect(job.hooks.completed?.log).toMatch(/^This job used in /m);
    expect(readTextfile(folder)).toContain('ghjob_cpu_seconds{');
  });

  it('keep the textfile that a step of the job wrote', async () => {
    const folder = makeFolder();
    const write = { run: ['/bin/sh', '-c', `echo of the action > ${folder}/runner-1.prom`] };
    const job = await run(policyWith(folder), { steps: [write] });
    expect(readTextfile(folder)).toBe('of the action\n');
    expect(job.hooks.completed?.log).toContain(
      'The textfile stays as the action report-job-metrics wrote it',
    );
  });

  it('replace a textfile that a job dated into the future', async () => {
    const folder = makeFolder();
    const write = `echo forged > ${folder}/runner-1.prom; touch -d 2099-01-01 ${folder}/runner-1.prom`;
    await run(policyWith(folder), { steps: [{ run: ['/bin/sh', '-c', write] }] });
    expect(readTextfile(folder)).toContain('ghjob_cpu_seconds{');
  });

  it('write one file for all jobs of an ephemeral runner, whose name changes', async () => {
    const folder = makeFolder();
    const directory = makeRunner();
    writeFileSync(join(directory, '.runner'), '{"workFolder":"_work","Ephemeral":true}');
    for (const name of ['runner-1', 'runner-2'])
      await run(policyWith(folder), { directory, steps: [], env: { RUNNER_NAME: name } });
    expect(readdirSync(folder)).toEqual([textfileName(directory)]);
    expect(readTextfile(folder, textfileName(directory))).toContain(`runner="${directory}"`);
  });

  it('push to the Pushgateway of the policy, in a group that no job makes longer', async () => {
    const [requests, job] = await runWithGateway(202);
    const group = { job: 'build', repository: 'octo/app', workflow: 'CI', runner_class: 'unknown' };
    expect([job.conclusion, warningsOf(job)]).toEqual(['success', []]);
    expect(requests).toEqual([
      {
        url: groupPath(group),
        text: expect.stringContaining('ghjob_cpu_seconds ') as unknown,
      },
    ]);
  });

  it('send nothing of a run that anybody can start', async () => {
    const folder = makeFolder();
    const job = await run(policyWith(folder), { event: { name: 'issue_comment', payload: {} } });
    expect(readdirSync(folder)).toEqual([]);
    expect(job.hooks.completed?.log).toMatch(
      /^This job used in [^]*^The metrics are not sent: the event 'issue_comment'/m,
    );
  });
});

describe.runIf(isAllowed)(`hooks with metrics in the policy never fail a job${whyNot}`, () => {
  it('when the folder of the textfile is missing: they warn, and clean', async () => {
    const job = await run(policyWith('/nowhere/textfiles'));
    expect([job.conclusion, ...exitCodes(job)]).toEqual(['success', 0, 0]);
    expect(warningsOf(job)).toEqual([expect.stringContaining('/nowhere/textfiles does not exist')]);
    expect(job.hooks.completed?.log).toMatch(/^This job used in [^]*workspace stays as it is/m);
  });

  it('when the Pushgateway refuses the figures: they warn', async () => {
    const [gateway, job] = await runWithGateway(400);
    expect(gateway).toHaveLength(1);
    expect([job.conclusion, ...exitCodes(job)]).toEqual(['success', 0, 0]);
    expect(warningsOf(job)).toEqual([expect.stringMatching(/Pushgateway.* status 400: no thanks/)]);
  });

  it('when the disk is full', async () => {
    const folder = makeFolder();
    const job = await run(policyWith(folder), { small: true, steps: [{ run: fillDisk }] });
    expect([job.conclusion, ...exitCodes(job), job.orphans]).toEqual(['success', 0, 0, []]);
    // Without space for samples, only the machine's two are left, which the hooks take themselves.
    expect(job.hooks.completed?.log).toMatch(/^(?:This job used|What this job used) in /m);
    expect(readTextfile(folder)).toContain('ghjob_duration_seconds{');
  });

  it('when no samples can be written: they warn, and the hook goes on', async () => {
    const env = { RUNNER_TEMP: '/dev/null/_temp' };
    const job = await run('metrics: {}\nhooks: { manifest: /nowhere.yml }\n', { env, steps: [] });
    expect([job.conclusion, ...exitCodes(job)]).toEqual(['success', 0, 0]);
    expect(warningsOf(job)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^This job could not be measured: .*\/dev\/null/),
        expect.stringMatching(/^The machine is not checked against \/nowhere\.yml/),
      ]),
    );
    expect(job.hooks.completed?.log).toContain('This job was not measured: ');
  });

  it('when the job removed the samples', async () => {
    const remove = { run: ['/bin/sh', '-c', 'rm -r "$RUNNER_TEMP"/runner-actions/job-metrics'] };
    const job = await run('metrics: {}\n', { steps: [remove] });
    expect([job.conclusion, warningsOf(job)]).toEqual(['success', []]);
    expect(job.hooks.completed?.log).toMatch(/^This job was not measured: .* the job removed them\.$/m);
  });

  it('when the policy has a mistake: they warn, and do nothing', async () => {
    const job = await run('metrics: { interval: 1ms }\n', { steps: [] });
    expect([job.conclusion, ...exitCodes(job)]).toEqual(['success', 0, 0]);
    expect(job.hooks.started?.log).toMatch(/policy\.yml:1:\d+: metrics\.interval/);
    expect(job.hooks.completed?.log).not.toContain('This job');
  });
});

it.runIf(isAllowed).each(['metrics: off\n', 'cleanup: {}\n'])(
  'hooks do not measure with the policy %j',
  async (policy) => {
    const job = await run(policy, { steps: [] });
    expect(warningsOf(job)).toEqual([]);
    expect([job.hooks.started?.log, job.hooks.completed?.log].join('')).not.toMatch(/This job/);
  },
);
