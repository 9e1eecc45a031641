import {
  assertContract,
  type FaultRule,
  type Fleet,
  launchJob,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, ago, fleet, labels, look, stuck } from './look.ts';

describe('rescue-queued-jobs', () => {
  it.each([
    ['by jobs', {}],
    ['by the list of runners', { 'runner-token': 'admin' }],
  ])('cancels a run whose pool is dead and starts all of its jobs anew: %s', async (_name, inputs) => {
    const done = {
      id: 19,
      run_id: 1,
      name: 'select',
      status: 'completed' as const,
      conclusion: 'success',
      labels: ['ubuntu-latest'],
      runner_id: 9,
      created_at: ago(11),
      started_at: ago(11),
      completed_at: ago(10),
    };
    const given = fleet([stuck(1)]);
    const { outputs, posts, after, summary, exitCode } = await look(
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
    expect(summary).toMatch(/stuck \| .* \| rescued: all of its jobs were started anew/);
  });

  it('rescues a run once: its second attempt is left', async () => {
    const first = await look(fleet([stuck(1)]));
    const { posts, report } = await look(first.after);
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
    ['busy, by the list', [stuck(1)], online, { 'runner-token': 'admin' }, 'pool-alive'],
    ['busy, by jobs', [stuck(1), working], {}, {}, 'pool-alive'],
    ['a fork’s', [stuck(1, { event: 'pull_request', head_repository: 'stranger/app' })], {}, {}, 'untrusted'],
    [
      'under way',
      [stuck(1, { status: 'in_progress' }, { status: 'in_progress', runner_id: 5 })],
      {},
      {},
      'at-work',
    ],
    ['waiting for approval', [stuck(1, {}, { status: 'waiting' })], {}, {}, 'held'],
    ['for hosted runners', [stuck(1, {}, { labels: ['ubuntu-latest'] })], {}, {}, 'other-pool'],
    ['young', [stuck(1, {}, { created_at: ago(3) })], {}, {}, 'too-young'],
  ] as const)('leaves what is %s', async (_name, entries, change, inputs, reason) => {
    const { posts, report, outputs } = await look(
      fleet([...entries], change as Partial<Fleet>),
      inputs as Record<string, string>,
    );
    expect(posts).toEqual([]);
    expect(outputs['rescued']).toBe('0');
    expect(report?.runs.find(({ id }) => id === 1)).toMatchObject({ reason, result: null });
  });

  it('makes the same plan in a dry run, and sends GET only', async () => {
    const { posts, report, stdout } = await look(fleet([stuck(1)]), { 'dry-run': 'true' });
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ id: 1, reason: 'stuck', result: null }]);
    expect(stdout).toMatch(/1 would be rescued \(dry run\)/);
  });

  it('rescues no more than max-runs at once, the oldest first', async () => {
    const { report } = await look(fleet([stuck(1), stuck(2, { created_at: ago(20) }), stuck(3)]), {
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
    'says so when %s, and sends nothing twice',
    async (_name, fault, result, message) => {
      const { report, annotations, exitCode, posts } = await look(fleet([stuck(1)]), {}, fault);
      expect(exitCode).toBe(0);
      expect(report?.runs).toMatchObject([{ result }]);
      expect(annotations[0]?.message).toMatch(message);
      expect(new Set(posts).size).toBe(posts.length);
    },
  );

  /** Changes the fleet after requests whose path ends so, before the answer is sent. */
  function meddle(simulator: Simulator, path: RegExp, change: (before: Fleet) => Fleet): void {
    const requests = simulator.requests as RecordedRequest[];
    requests.push = (...added) => {
      if (added.some((request) => path.test(request.path))) simulator.setFleet(change(simulator.fleet()));
      return Array.prototype.push.apply(requests, added);
    };
  }

  it('is content when another rescue has started the run anew', async () => {
    const simulator = await startSimulator(fleet([stuck(1)]));
    meddle(simulator, /\/runs\/1$/, (ended) => ({
      ...ended,
      runs: [{ ...ended.runs![0]!, status: 'queued', conclusion: null, run_attempt: 2 }],
    }));
    const job = await launchJob({ env: { GITHUB_API_URL: simulator.url }, steps: [{ action }] });
    await simulator.stop();
    expect(simulator.requests.at(-2)?.response.status).toBe(403);
    expect(job.steps[0]).toMatchObject({ outputs: { rescued: '1' }, annotations: [] });
  });

  it('tells a person when the run was run again between the last look and the cancel', async () => {
    const simulator = await startSimulator(fleet([stuck(1)]));
    let looks = 0;
    meddle(simulator, /\/attempts\/1\/jobs$/, (before) => {
      looks += 1;
      return looks < 2 ? before : { ...before, runs: [{ ...before.runs![0]!, run_attempt: 2 }] };
    });
    const job = await launchJob({ env: { GITHUB_API_URL: simulator.url }, steps: [{ action }] });
    await simulator.stop();
    expect(simulator.fleet().runs).toMatchObject([{ run_attempt: 2, conclusion: 'cancelled' }]);
    expect(job.steps[0]?.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/may have been cancelled .* by hand: http/) as string,
      },
    ]);
  });

  it('cancels for good what does not end', async () => {
    const given = fleet([stuck(1)]);
    const simulator = await startSimulator(given);
    // A cancel that is accepted and takes no effect.
    meddle(simulator, /\/cancel$/, () => given);
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      steps: [{ action, with: { deadline: '20s' } }],
    });
    const posts = simulator.requests
      .filter(({ method }) => method === 'POST')
      .map((request) => request.path.split('/').at(-1));
    assertContract(simulator);
    await simulator.stop();
    expect(posts).toEqual(['cancel', 'force-cancel', 'rerun']);
    expect(job.steps[0]?.outputs['rescued']).toBe('1');
  });

  it('does nothing where the runs cannot be listed, with a warning, and green', async () => {
    const { exitCode, annotations, outputs, posts } = await look(
      fleet([stuck(1)]),
      {},
      { match: '/actions/runs', kind: 'status', status: 503 },
    );
    expect([exitCode, outputs['rescued'], posts]).toEqual([0, '0', []]);
    expect(annotations[0]).toMatchObject({ level: 'warning' });
  });

  it('leaves what it cannot find out: runners that may not be listed, a budget that is used up', async () => {
    const denied = await look(fleet([stuck(1)]), { 'runner-token': 'reader' });
    expect(denied.report?.runs).toMatchObject([{ reason: 'unknown' }]);
    const many = Array.from({ length: 9 }, (_, index) => stuck(index + 1));
    const poor = await look(fleet(many), { calls: '6' });
    expect(poor.posts).toEqual([]);
    expect(poor.requests.length).toBeLessThanOrEqual(6);
    expect(poor.report?.runs.every(({ reason }) => reason === 'unknown')).toBe(true);
  });

  it.each([
    ['by jobs', {}],
    ['by the list of runners', { 'runner-token': 'admin' }],
  ])(
    'works off more stuck runs than its calls suffice to look at, the oldest first: %s',
    async (_, inputs) => {
      const many = Array.from({ length: 60 }, (_one, index) =>
        stuck(index + 1, { created_at: ago(90 - index) }),
      );
      const { posts, report, requests } = await look(fleet(many), inputs);
      expect(posts.slice(0, 2)).toEqual(['cancel', 'rerun']);
      expect(report?.runs[0]).toMatchObject({ id: 1, result: 'rescued' });
      expect(report?.runs.at(-1)).toMatchObject({ id: 60, reason: 'unknown' });
      expect(requests.filter(({ path }) => !path.endsWith('/runners')).length).toBeLessThanOrEqual(40);
    },
  );

  it('says which permission is missing when it may only read', async () => {
    const { report, annotations } = await look(fleet([stuck(1)]), { token: 'reader' });
    expect(report?.runs).toMatchObject([{ result: 'left' }]);
    expect(annotations[0]?.message).toMatch(
      /403 the token lacks a permission; GitHub accepts: actions=write/,
    );
  });

  it.each([
    [{ after: '30s' }, /Input 'after' is '30s': expected at least 2m/],
    [{ 'max-runs': '0' }, /Input 'max-runs' is '0'/],
    [{ labels: 'self-hosted\n[big, x64]' }, /Input 'labels' is '\[big, x64\]': expected a list/],
    [{ token: ' ' }, /Input 'token' is empty/],
  ])('refuses %o', async (inputs, message) => {
    const { exitCode, annotations } = await look(fleet([]), inputs as unknown as Record<string, string>);
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });
});
