import { preloadModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, fleet, runRescue, stuck } from './run-rescue.ts';

// What must never happen: the action disturbs a live pool, or cancels a run and does not re-run it.
const running = { status: 'in_progress' as const, runner_id: 5, runner_name: 'r', started_at: ago(30) };

describe('rescue-queued-jobs: a live pool', () => {
  it.each([
    ['a re-run', { run_attempt: 2 }, { run_attempt: 2 }],
    ['a run of a fork', { event: 'pull_request', head_repository: 'stranger/app' }, {}],
  ])('is detected from %s, which is never rescued itself', async (_name, run, job) => {
    const busy = stuck(2, { status: 'in_progress', ...run }, { ...running, ...job });
    const { posts, report } = await runRescue(fleet([stuck(1), busy]));
    expect(posts).toEqual([]);
    expect(report?.runs.find(({ id }) => id === 1)).toMatchObject({ reason: 'pool-alive' });
  });

  it('is not reported as dead when the runner-token cannot see the organization’s runners', async () => {
    const fault = { match: '/orgs/', kind: 'status', status: 404 } as const;
    const { posts, report } = await runRescue(fleet([stuck(1)]), { 'runner-token': 'admin' }, fault);
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'unknown' }]);
    const user = fleet([stuck(1)], { owner: { login: 'octo', kind: 'user' } });
    expect((await runRescue(user, { 'runner-token': 'admin' })).posts).toEqual(['cancel', 'rerun']);
  });

  it('is not reported as dead when jobs of an unfinished run cannot be read', async () => {
    const busy = stuck(2, { status: 'in_progress' }, running);
    const { posts, report } = await runRescue(
      fleet([stuck(1), busy]),
      {},
      { match: '/runs/2/attempts/1/jobs', kind: 'status', status: 404 },
    );
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'unknown' }, { reason: 'unknown' }]);
  });
});

describe('rescue-queued-jobs: a stuck run', () => {
  it.each([5, 6, 7, 8, 10, 12, 16, 21, 22, 23])(
    'is re-run if it was cancelled, with a budget of %i calls',
    async (calls) => {
      const { posts } = await runRescue(fleet([stuck(1)]), { calls: String(calls) });
      expect(posts).toEqual(calls < 23 ? [] : ['cancel', 'rerun']);
    },
  );

  it('is re-run if it was cancelled, when several stuck runs share the budget', async () => {
    const { posts, requests } = await runRescue(fleet([stuck(1), stuck(2), stuck(3)]), { calls: '26' });
    // Seven calls to judge the runs and six to rescue the first one leave too few calls for another rescue.
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(requests).toHaveLength(13);
  });

  it.each([
    ['cancel', 'reset'],
    ['cancel', 'truncate'],
    ['cancel', 'html'],
    ['rerun', 'reset'],
    ['rerun', 'truncate'],
    ['rerun', 'html'],
  ] as const)('is rescued when the %s request worked but its answer was lost: %s', async (call, kind) => {
    const { posts, report, annotations } = await runRescue(
      fleet([stuck(1)]),
      {},
      { match: `/${call}$`, kind },
    );
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(report?.runs).toMatchObject([{ result: 'rescued' }]);
    expect(annotations).toEqual([]);
  });

  it('is not cancelled when too little time is left to finish the rescue', async () => {
    // After the plan, only 9 s of the two minutes are left.
    const late = preloadModule(`
      const [uptime, write] = [process.uptime.bind(process), process.stdout.write.bind(process.stdout)];
      let passed = 0;
      process.uptime = () => uptime() + passed;
      process.stdout.write = (text, ...rest) => {
        if (String(text).startsWith('::group::Plan')) passed = 111;
        return write(text, ...rest);
      };`);
    const { posts, report } = await runRescue(fleet([stuck(1)]), {}, undefined, late);
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'stuck', result: 'left' }]);
  });

  it('is named in a warning when it is unknown whether it was cancelled', async () => {
    const fault = { match: '/cancel$', kind: 'status', status: 500 } as const;
    const { posts, report, annotations } = await runRescue(fleet([stuck(1)]), { deadline: '20s' }, fault);
    expect(posts).toEqual(['cancel']);
    expect(report?.runs).toMatchObject([{ result: 'unsure' }]);
    expect(annotations[0]?.message).toMatch(/may have been cancelled .* by hand: http/);
  });

  it.each([
    ['refused', { match: '/rerun$', kind: 'status', status: 403 } as const],
    ['rate-limited', { match: '/rerun$', kind: 'rate-limit' } as const],
  ])('is named with its URL in a warning when the re-run is %s', async (_name, fault) => {
    const { report, annotations, exitCode } = await runRescue(fleet([stuck(1)]), {}, fault);
    expect(exitCode).toBe(0);
    expect(report?.runs).toMatchObject([{ result: 'lost' }]);
    expect(annotations[0]?.message).toMatch(/by hand: http/);
  });
});

describe('rescue-queued-jobs: a rate limit', () => {
  it('changes nothing and warns when the API is rate-limited', async () => {
    const { posts, exitCode, annotations } = await runRescue(
      fleet([stuck(1)]),
      {},
      { match: '/actions/runs', kind: 'rate-limit' },
    );
    expect([exitCode, posts]).toEqual([0, []]);
    expect(annotations[0]?.message).toMatch(/rate limit/);
  });
});
