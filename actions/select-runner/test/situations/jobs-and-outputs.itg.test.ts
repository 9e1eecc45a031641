// Several jobs, competing runs, deadlines, and the outputs.
import { safeParse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/report/schema.ts';
import { launchJob } from '@runner-actions/testing';
import { action, ago, fleet, labels, runner, select, simulate } from '../run-select-runner.ts';
import { past } from './past-jobs.ts';

const runners = (free: number, busy = 0) =>
  Array.from({ length: free + busy }, (_, index) => runner(index + 1, { busy: index >= free }));
const cells = (outputs: Record<string, string>) =>
  (JSON.parse(outputs['matrix'] ?? '') as { include: Record<string, unknown>[] }).include;

describe('select-runner: jobs, competing runs and outputs', () => {
  it('places 10 jobs on 4 free runners and 6 hosted ones, heavier jobs first, with the same result each time', async () => {
    const jobs = JSON.stringify(
      Array.from({ length: 10 }, (_, index) => ({ name: `job ${index}`, weight: index === 9 ? 5 : 1 })),
    );
    const given = { fleet: fleet({ runners: runners(4, 2) }), with: { jobs } };
    const first = await select(given);
    const placed = cells(first.outputs);
    expect(placed.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(placed.filter(({ pool }) => pool !== 'fallback').map(({ name }) => name)).toEqual([
      'job 0',
      'job 1',
      'job 2',
      'job 9',
    ]);
    expect(placed[9]).toEqual({
      name: 'job 9',
      weight: 5,
      index: 9,
      pool: 'self-hosted+linux+x64',
      'runs-on': ['self-hosted', 'linux', 'x64'],
    });
    expect(placed[5]).toMatchObject({ 'runs-on': 'ubuntu-latest' });
    expect((await select(given)).outputs['matrix']).toBe(first.outputs['matrix']);
  });

  it('places all jobs or none in a pool with placement: together', async () => {
    const on = async (free: number) =>
      cells(
        (
          await select({
            fleet: fleet({ runners: runners(free) }),
            with: { jobs: '3', placement: 'together' },
          })
        ).outputs,
      ).map(({ pool }) => pool);
    expect(await on(2)).toEqual(['fallback', 'fallback', 'fallback']);
    expect(new Set(await on(3))).toEqual(new Set(['self-hosted+linux+x64']));
  });

  it('expands a matrix with include and exclude to its cells', async () => {
    const matrix = {
      os: ['a', 'b'],
      node: [20, 22],
      exclude: [{ os: 'b', node: 20 }],
      include: [{ os: 'a', extra: 1 }, { os: 'c' }],
    };
    const placed = cells(
      (await select({ fleet: fleet({ runners: runners(1) }), with: { jobs: JSON.stringify(matrix) } }))
        .outputs,
    );
    expect(placed.map(({ os, node, extra }) => [os, node, extra])).toEqual([
      ['a', 20, 1],
      ['a', 22, 1],
      ['b', 22, undefined],
      ['c', undefined, undefined],
    ]);
  });

  it.each([
    ['257', /more than 256 jobs/],
    ['[1]', /Input 'jobs' is '\[1\]': expected a number, a list of maps, or a matrix/],
    ['{"os":"a"}', /expected a list under 'os'/],
    ['[{"weight":0}]', /has the weight '0': expected a number above 0/],
    ['[{"index":7}]', /a key other than 'index'/],
    ['{"os":["a"],"include":[{"pool":"x"}]}', /a key other than 'pool'/],
  ])('rejects jobs: %s', async (jobs, message) => {
    const { exitCode, annotations } = await select({ with: { jobs } });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });

  it('rejects a matrix that is too long for an output', async () => {
    const axes = (length: number) =>
      JSON.stringify({ n: [...Array(256).keys()], text: ['x'.repeat(length)] });
    const { exitCode, outputs, annotations } = await select({ with: { jobs: axes(2000) } });
    expect([exitCode, outputs['matrix']]).toEqual([1, undefined]);
    expect(annotations[0]?.message).toMatch(/'matrix' would have \d+ characters for 256 jobs, .* 500000/);
    expect(cells((await select({ with: { jobs: axes(1500) } })).outputs)).toHaveLength(256);
  });

  it('answers skip with an empty matrix when there are no jobs', async () => {
    const { outputs, exitCode } = await select({ with: { jobs: '[]' } });
    expect([exitCode, outputs['decision'], outputs['matrix']]).toEqual([0, 'skip', '{"include":[]}']);
  });

  it('leaves the only free runner to the earlier of two runs that select at the same time', async () => {
    const other = (id: number, change: object = {}) => ({
      id,
      status: 'in_progress',
      created_at: ago(0.2),
      ...change,
    });
    const choose = async (run: object) =>
      (await select({ fleet: fleet({ runners: runners(1), runs: [run as never] }) })).outputs;
    expect(await choose(other(5))).toMatchObject({ reason: 'busy', 'is-self-hosted': 'false' });
    expect(await choose(other(99_999_999))).toMatchObject({ reason: 'idle' });
    expect(await choose(other(5, { created_at: ago(30) }))).toMatchObject({ reason: 'idle' });
    expect(await choose(other(5, { path: '.github/workflows/other.yml' }))).toMatchObject({ reason: 'idle' });
    expect((await select({ fleet: fleet({ runners: runners(2), runs: [other(5)] }) })).outputs).toMatchObject(
      { reason: 'idle' },
    );
  });

  it('reads more runners when earlier runs take the first ones', async () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      runner(index + 1, { busy: index > 0 && index < 140 }),
    );
    const first = { id: 5, status: 'in_progress', created_at: ago(0.2) };
    const { outputs } = await select({ fleet: fleet({ runners: many, runs: [first] }) });
    expect(outputs).toMatchObject({ reason: 'idle' });
  });

  it('counts jobs of earlier runs in one pool only, and reads the list of runs once', async () => {
    const pools = ['a', 'b'].map((name) => `  ${name}: { runs-on: [self-hosted, ${name}] }\n`).join('');
    const own = ['a', 'b'].map((name, index) => runner(index + 1, { labels: ['self-hosted', name] }));
    const first = { id: 5, status: 'in_progress', created_at: ago(0.2) };
    const given = { config: `pools:\n${pools}`, fleet: fleet({ runners: own, runs: [first] }) };
    const { outputs, requests } = await select(given);
    expect(outputs).toMatchObject({ pool: 'b', reason: 'idle' });
    expect(requests.filter(({ path }) => path.endsWith('/runs'))).toHaveLength(1);
  });

  it('answers with the fallback after the deadline', async () => {
    const { outputs, exitCode } = await select({
      fault: { kind: 'stall', match: '.' },
      with: { deadline: '1s' },
    });
    expect([exitCode, outputs['runs-on']]).toEqual([0, '"ubuntu-latest"']);
  });

  it('has set the fallback as output when it is killed during an API call', async () => {
    const simulator = await simulate(fleet({ runners: runners(1) }));
    simulator.fault({ kind: 'stall', match: 'runners' });
    let pid = 0;
    const poll = setInterval(() => {
      if (simulator.requests.length > 0 && pid > 0) process.kill(pid, 'SIGKILL');
      if (simulator.requests.length > 0) clearInterval(poll);
    }, 10);
    const inputs = { labels: 'self-hosted', 'runner-token': 'admin-token', fallback: '["a","b"]' };
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      onStart: (started) => void (pid = started.pid),
      steps: [{ action, with: inputs }],
    });
    expect(job.steps[0]?.exitCode).not.toBe(0);
    expect(job.steps[0]?.outputs).toMatchObject({ decision: 'run', 'runs-on': '["a","b"]', reason: 'error' });
  });

  it('rejects a hosted fallback or pool on an Enterprise Server, which has no hosted runners', async () => {
    const env = { GITHUB_SERVER_URL: 'https://ghe.example' };
    const fallback = await select({ env });
    expect([fallback.exitCode, fallback.annotations[0]?.message]).toEqual([
      1,
      expect.stringMatching(/fallback is ubuntu-latest, and ghe\.example has no hosted runners/),
    ]);
    const pool = await select({
      env,
      config: 'pools: { h: { runs-on: ubuntu-latest, kind: hosted } }\nfallback: skip\n',
    });
    expect(pool.annotations[0]?.message).toMatch(/pool 'h' is hosted/);
    expect((await select({ env, with: { fallback: 'self-hosted, spare' } })).exitCode).toBe(0);
    expect((await select({ env: { GITHUB_SERVER_URL: 'https://team.ghe.com' } })).exitCode).toBe(0);
  });

  it('uses a runner that is listed as offline but took a job a minute ago, and warns', async () => {
    const given = fleet({ ...past({ at: 1.5 }), runners: [runner(1, { status: 'offline' })] });
    const { outputs, annotations } = await select({ fleet: given });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'true', source: 'history' });
    expect(annotations[0]).toMatchObject({ level: 'warning' });
    expect(annotations[0]?.message).toMatch(
      /listed as offline, but recent jobs prove that they work: last job taken 1 min ago/,
    );
  });

  it('does not use a runner that is listed as offline and took its last job 8 minutes ago', async () => {
    const machine = runner(1, { status: 'offline' });
    const own = past({ at: 8, job: { runner_id: machine.id, runner_name: machine.name } });
    const listed = await select({ fleet: fleet({ ...own, runners: [machine] }) });
    expect(listed.outputs).toMatchObject({ reason: 'offline' });
    // A runner that is not listed may have been made for that job.
    const other = await select({ fleet: fleet({ ...past({ at: 8 }), runners: [machine] }) });
    expect(other.outputs).toMatchObject({ source: 'history', confidence: 'medium' });
  });

  it('does not count a runner as free if GitHub no longer serves its version, or if it is ephemeral and busy', async () => {
    const runners = [runner(1, { version: '2.328.0' })];
    const old = await select({ fleet: fleet({ runners }) });
    expect(old.outputs).toMatchObject({ reason: 'outdated', 'is-self-hosted': 'false' });
    expect(old.summary).toMatch(/1 online, but their version is too old/);
    const server = await select({
      fleet: fleet({ runners }),
      env: { GITHUB_SERVER_URL: 'https://ghe.example.com' },
      with: { fallback: 'self-hosted, spare' },
    });
    expect(server.outputs).toMatchObject({ reason: 'idle' });
    const fit = await select({ fleet: fleet({ runners: [runner(1, { version: '2.329.0' })] }) });
    expect(fit.outputs).toMatchObject({ reason: 'idle' });
    const once = await select({ fleet: fleet({ runners: [runner(1, { ephemeral: true, busy: true })] }) });
    expect(once.outputs).toMatchObject({ reason: 'busy' });
  });

  it('shows counts but no runner names in the log, the summary and the report', async () => {
    const { stdout, summary, report } = await select({
      fleet: fleet({ isPublic: true, runners: runners(2, 1) }),
    });
    expect(`${stdout}${summary}${JSON.stringify(report)}`).not.toMatch(/secret-name/);
    expect(summary).toMatch(/2 of 3 online runners are free/);
  });

  it('sets all outputs, writes a report that matches the schema, and lists every pool in the summary', async () => {
    const config = `pools:
  a: { runs-on: [self-hosted, macOS] }
  b: { runs-on: [self-hosted, linux, x64], cost-per-hour: 0.6 }
  c: { runs-on: ubuntu-latest, kind: hosted }
`;
    const { outputs, report, summary } = await select({ config });
    expect(outputs).toMatchObject({
      decision: 'run',
      pool: 'b',
      'is-self-hosted': 'true',
      reason: 'idle',
      source: 'runners-api',
      confidence: 'high',
    });
    expect(safeParse(reportSchema, report).success).toBe(true);
    expect(report?.pools.map(({ pool, reason }) => [pool, reason])).toEqual([
      ['a', 'no-match'],
      ['b', 'idle'],
      ['c', null],
    ]);
    for (const word of ['macOS', 'not used: no-match', '**used**: idle', 'not needed'])
      expect(summary).toContain(word);
  });

  it('estimates wait and cost from jobs on the same runners', async () => {
    const config =
      'pools: { b: { runs-on: [self-hosted, linux, x64], power: { watts: 2000, price-per-kwh: 0.3 } } }\nmetrics: { currency: EUR }\n';
    const { outputs, report } = await select({
      config,
      fleet: fleet(past({ at: 3 }, { at: 20 }, { at: 30 }, { at: 40 })),
      with: { 'runner-token': '' },
    });
    expect(outputs['pool']).toBe('b');
    // One job is enough to select a pool. Estimates need three.
    expect(outputs).toMatchObject({ 'estimated-wait-seconds': '', 'estimated-cost': '' });
    expect(report?.estimates).toEqual({ wait: null, cost: null });
    const rules = `${config}breaker: { failures: 3/15m/2h }\n`;
    const more = await select({
      config: rules,
      fleet: fleet(past({ at: 3 }, { at: 20 }, { at: 30 }, { at: 40 })),
      with: { 'runner-token': '' },
    });
    expect(more.outputs).toMatchObject({
      'estimated-wait-seconds': '30',
      'estimated-cost': '0.01',
      currency: 'EUR',
    });
    expect(more.report?.estimates.wait).toMatchObject({ samples: 4, confidence: 'low' });
  });

  it('explains the decision in a dry run, and answers with the fallback', async () => {
    const { outputs, stdout, report } = await select({ with: { 'dry-run': 'true' } });
    expect(outputs).toMatchObject({
      'runs-on': '"ubuntu-latest"',
      reason: 'idle',
      'is-self-hosted': 'false',
    });
    expect(stdout).toMatch(/Dry run: /);
    expect(report?.['dry-run']).toBe(true);
  });

  it('sends only GET requests', async () => {
    const given = fleet({
      ...past({ at: 5 }, { at: 9 }),
      runners: [runner(1, { status: 'offline', labels })],
    });
    const { requests } = await select({ fleet: given, env: { GITHUB_RUN_ATTEMPT: '2' } });
    expect(requests.length).toBeGreaterThan(3);
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});
