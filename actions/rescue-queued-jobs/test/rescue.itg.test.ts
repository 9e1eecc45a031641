import {
  assertContract,
  type FaultRule,
  type Fleet,
  launchJob,
  startSimulator,
} from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, ago, fleet, labels, runRescue, step, stuck } from './run-rescue.ts';

describe('rescue-queued-jobs', () => {
  it.each([
    ['by jobs', {}],
    ['by the list of runners', { 'runner-token': 'admin' }],
  ])('cancels a run whose pool is dead, and re-runs all of its jobs: %s', async (_name, inputs) => {
    const done = {
      id: 19,
      run_id: 1,
      name: 'select',
      status: 'completed' as const,
      conclusion: 'success',
      labels: ['ubuntu-latest'],
      runner_id: 9,
      created_at: ago(14),
      started_at: ago(14),
      completed_at: ago(13),
    };
    const given = fleet([stuck(1)]);
    const { outputs, posts, after, summary, exitCode } = await runRescue(
      { ...given, jobs: [...given.jobs!, done] },
      inputs,
    );
    expect([exitCode, outputs['rescued'], outputs['considered']]).toEqual([0, '1', '1']);
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(after.runs?.[0]).toMatchObject({ status: 'queued', run_attempt: 2 });
    const second = after.jobs?.filter((job) => job.run_attempt === 2) ?? [];
    expect(second.map(({ name, status }) => [name, status]).sort()).toEqual([
      ['build', 'queued'],
      ['select', 'queued'],
    ]);
    expect(summary).toMatch(/stuck \| .* \| rescued: all of its jobs were started again/);
  });

  it('rescues a run only once, and not its second attempt', async () => {
    const first = await runRescue(fleet([stuck(1)]));
    const { posts, report } = await runRescue({ ...first.after, now: ago(-20) });
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'second-attempt' }]);
  });

  const online = {
    repositories: [
      { id: 1, name: 'app', private: true, runners: [{ id: 1, name: 'r', labels, busy: true }] },
    ],
  };
  const working = stuck(
    2,
    { status: 'in_progress' },
    { status: 'in_progress', runner_id: 5, runner_name: 'r', started_at: ago(30) },
  );
  it.each([
    [
      'a run whose pool is busy, by the list of runners',
      [stuck(1)],
      online,
      { 'runner-token': 'admin' },
      'pool-alive',
    ],
    ['a run whose pool is busy, by jobs', [stuck(1), working], {}, {}, 'pool-alive'],
    [
      'a run of a fork',
      [stuck(1, { event: 'pull_request', head_repository: 'stranger/app' })],
      {},
      {},
      'untrusted',
    ],
    [
      'a run in progress',
      [stuck(1, { status: 'in_progress' }, { status: 'in_progress', runner_id: 5 })],
      {},
      {},
      'at-work',
    ],
    ['a run that waits for approval', [stuck(1, {}, { status: 'waiting' })], {}, {}, 'held'],
    ['a run for hosted runners', [stuck(1, {}, { labels: ['ubuntu-latest'] })], {}, {}, 'other-pool'],
    ['a run that is queued for a short time', [stuck(1, {}, { created_at: ago(3) })], {}, {}, 'too-young'],
  ] as const)('does not rescue %s', async (_name, entries, change, inputs, reason) => {
    const { posts, report, outputs } = await runRescue(
      fleet([...entries], change as Partial<Fleet>),
      inputs as Record<string, string>,
    );
    expect(posts).toEqual([]);
    expect(outputs['rescued']).toBe('0');
    expect(report?.runs.find(({ id }) => id === 1)).toMatchObject({ reason, result: null });
  });

  it('makes the same plan in a dry run, and sends only GET requests', async () => {
    const { posts, report, stdout } = await runRescue(fleet([stuck(1)]), { 'dry-run': 'true' });
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ id: 1, reason: 'stuck', result: null }]);
    expect(stdout).toMatch(/1 would be rescued \(dry run\)/);
  });

  it('rescues no more than max-runs at once, the oldest first', async () => {
    const { report } = await runRescue(fleet([stuck(1), stuck(2, { created_at: ago(20) }), stuck(3)]), {
      'max-runs': '1',
    });
    expect(report?.runs.map(({ id, reason }) => [id, reason])).toEqual([
      [2, 'stuck'],
      [1, 'limit'],
      [3, 'limit'],
    ]);
  });

  it.each([
    [
      'the cancel is refused',
      { match: '/cancel$', kind: 'status', status: 409 },
      'left',
      /could not be cancelled/,
    ],
    [
      'the re-run fails',
      { match: '/rerun$', kind: 'status', status: 500 },
      'lost',
      /was cancelled and could not be re-run .* by hand/,
    ],
  ] as [string, FaultRule, string, RegExp][])(
    'warns when %s, and sends no request twice',
    async (_name, fault, result, message) => {
      const { report, annotations, exitCode, posts } = await runRescue(fleet([stuck(1)]), {}, fault);
      expect(exitCode).toBe(0);
      expect(report?.runs).toMatchObject([{ result }]);
      expect(annotations[0]?.message).toMatch(message);
      expect(new Set(posts).size).toBe(posts.length);
    },
  );

  it('reports success when another rescue has already re-run the run', async () => {
    const simulator = await startSimulator(fleet([stuck(1)]));
    simulator.changeAfter(/\/runs\/1$/, (ended) => ({
      ...ended,
      runs: [{ ...ended.runs![0]!, status: 'queued', conclusion: null, run_attempt: 2 }],
    }));
    const job = await launchJob({ env: { GITHUB_API_URL: simulator.url }, steps: [step] });
    await simulator.stop();
    expect(simulator.requests.at(-2)?.response.status).toBe(403);
    expect(job.steps[0]).toMatchObject({ outputs: { rescued: '1' }, annotations: [] });
  });

  it('warns when the run was re-run between the last check and the cancel', async () => {
    const simulator = await startSimulator(fleet([stuck(1)]));
    let reads = 0;
    simulator.changeAfter(/\/runs\/1\/attempts\/1\/jobs/, (before) => {
      reads += 1;
      return reads < 2 ? before : { ...before, runs: [{ ...before.runs![0]!, run_attempt: 2 }] };
    });
    const job = await launchJob({ env: { GITHUB_API_URL: simulator.url }, steps: [step] });
    await simulator.stop();
    expect(simulator.fleet().runs).toMatchObject([{ run_attempt: 2, conclusion: 'cancelled' }]);
    expect(job.steps[0]?.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/may have been cancelled .* by hand: http/) as string,
      },
    ]);
  });

  it('prints no control characters of the name of a job', async () => {
    const hosted = stuck(1, {}, { name: 'a\u001b[2Jb\n::error::c', labels: ['other\u001b[1A'] });
    const { report, stdout } = await runRescue(fleet([hosted]));
    expect(report?.runs).toMatchObject([{ reason: 'other-pool' }]);
    expect(stdout).not.toMatch(/\u001b|^::error/m);
  });

  it('force-cancels a run that does not end', async () => {
    const given = fleet([stuck(1)]);
    const simulator = await startSimulator(given);
    // The cancel is accepted but has no effect.
    simulator.changeAfter(/\/cancel$/, () => given);
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      steps: [{ action, with: { ...step.with, deadline: '20s' } }],
    });
    const posts = simulator.requests
      .filter(({ method }) => method === 'POST')
      .map((request) => request.path.split('/').at(-1));
    assertContract(simulator);
    await simulator.stop();
    expect(posts).toEqual(['cancel', 'force-cancel', 'rerun']);
    expect(job.steps[0]?.outputs['rescued']).toBe('1');
  });

  it('warns and stays green when the runs cannot be listed', async () => {
    const { exitCode, annotations, outputs, posts } = await runRescue(
      fleet([stuck(1)]),
      {},
      { match: '/actions/runs', kind: 'status', status: 503 },
    );
    expect([exitCode, outputs['rescued'], posts]).toEqual([0, '0', []]);
    expect(annotations[0]).toMatchObject({ level: 'warning' });
  });

  it('rescues nothing when runners cannot be listed, or when the API budget is used up', async () => {
    const denied = await runRescue(fleet([stuck(1)]), { 'runner-token': 'reader' });
    expect(denied.report?.runs).toMatchObject([{ reason: 'unknown' }]);
    expect(denied.annotations[0]?.message).toMatch(
      /^No run can be rescued, .*\. 'runner-token' needs 'Administration: read' /,
    );
    const many = Array.from({ length: 9 }, (_, index) => stuck(index + 1));
    const poor = await runRescue(fleet(many), { calls: '6' });
    expect(poor.posts).toEqual([]);
    expect(poor.requests.length).toBeLessThanOrEqual(6);
    expect(poor.report?.runs.every(({ reason }) => reason === 'unknown')).toBe(true);
  });

  it.each([
    ['by jobs', {}],
    ['by the list of runners', { 'runner-token': 'admin' }],
  ])('rescues the oldest of more stuck runs than its API calls can judge: %s', async (_, inputs) => {
    const many = Array.from({ length: 60 }, (_one, index) =>
      stuck(index + 1, { created_at: ago(90 - index) }),
    );
    const { posts, report, requests } = await runRescue(fleet(many), inputs);
    expect(posts.slice(0, 2)).toEqual(['cancel', 'rerun']);
    expect(report?.runs[0]).toMatchObject({ id: 1, result: 'rescued' });
    expect(report?.runs.at(-1)).toMatchObject({ id: 60, reason: 'unknown' });
    expect(requests.filter(({ path }) => !path.endsWith('/runners')).length).toBeLessThanOrEqual(40);
  });

  it('names the missing permission when the token may only read', async () => {
    const { report, annotations } = await runRescue(fleet([stuck(1)]), { token: 'reader' });
    expect(report?.runs).toMatchObject([{ result: 'left' }]);
    expect(annotations[0]?.message).toMatch(
      /403 the token lacks a permission; GitHub accepts: actions=write/,
    );
  });

  it.each([
    [{ after: '30s' }, /Input 'after' is '30s': expected at least 2m/],
    [{ 'max-runs': '0' }, /Input 'max-runs' is '0'/],
    [{ labels: 'self-hosted\n[big, x64' }, /Input 'labels' is '\[big, x64': expected a list/],
    [{ labels: '- self-hosted\n- big' }, /Input 'labels' is '- self-hosted': expected one list per line/],
    [{ labels: 'self-hosted big' }, /expected commas between labels: 'self-hosted, big'/],
    [{ 'rerun-superseded': 'Deploy' }, /Input 'rerun-superseded' is 'Deploy': expected the file names/],
    [{ token: ' ' }, /Input 'token' is empty/],
  ])('rejects the inputs %o', async (inputs, message) => {
    const { exitCode, annotations } = await runRescue(fleet([]), inputs as unknown as Record<string, string>);
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });
});
