// Runs beyond the first page of a list, and runs that are older than a success.
import { describe, expect, it } from 'vitest';
import { ago, fleet, runRescue, stuck } from './run-rescue.ts';

describe('rescue-queued-jobs: older runs', () => {
  it.each([
    ['by jobs', {}],
    ['by the list of runners', { 'runner-token': 'admin' }],
  ])('rescues the oldest run when it is not among the newest 100: %s', async (_, inputs) => {
    const many = Array.from({ length: 130 }, (_one, index) =>
      stuck(index + 1, { created_at: ago(300 - index) }),
    );
    const { posts, report, summary, requests } = await runRescue(fleet(many), { ...inputs, 'max-runs': '1' });
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(report?.runs[0]).toMatchObject({ id: 1, result: 'rescued' });
    expect(report?.runs).toHaveLength(130);
    expect(summary).not.toMatch(/not considered/);
    expect(requests.filter(({ path }) => !path.endsWith('/runners')).length).toBeLessThanOrEqual(40);
  });

  it('says how many runs it did not consider, and does not take a pool as dead then', async () => {
    const many = Array.from({ length: 450 }, (_one, index) =>
      stuck(index + 1, { status: index === 0 ? 'queued' : 'in_progress', created_at: ago(600 - index) }),
    );
    const { posts, report, summary } = await runRescue(fleet(many), { calls: '33' });
    expect(posts).toEqual([]);
    expect(summary).toMatch(/At least 200 more runs in progress were not considered: .*calls/);
    expect(report?.runs.map(({ reason }) => reason)).not.toContain('stuck');
    expect(report).toMatchObject({ 'not-considered': [{ status: 'in_progress', count: 200 }] });
  });

  const deployed = {
    run: { id: 2, status: 'completed', conclusion: 'success', created_at: ago(8) },
    job: {
      ...{ id: 20, run_id: 2, name: 'build', status: 'completed' as const, conclusion: 'success' },
      ...{
        labels: ['ubuntu-latest'],
        runner_id: 9,
        created_at: ago(8),
        started_at: ago(8),
        completed_at: ago(7),
      },
    },
  } as unknown as ReturnType<typeof stuck>;
  it.each([
    ['leaves', {}, 'superseded', null],
    ['rescues a named workflow in', { 'rerun-superseded': 'ci.yml' }, 'stuck', 'rescued'],
  ])('%s a run when a newer run of its workflow and branch succeeded', async (_, inputs, reason, result) => {
    const { report, posts } = await runRescue(fleet([stuck(1), deployed]), inputs as Record<string, string>);
    expect(report?.runs).toMatchObject([{ id: 1, reason, result }]);
    expect(posts).toEqual(result === null ? [] : ['cancel', 'rerun']);
  });

  it('rescues a run when the newer success belongs to another branch or workflow', async () => {
    const elsewhere = { ...deployed, run: { ...deployed.run, head_branch: 'topic' } };
    const other = { ...deployed, run: { ...deployed.run, path: '.github/workflows/docs.yml' } };
    for (const newer of [elsewhere, other])
      expect((await runRescue(fleet([stuck(1), newer]))).posts).toEqual(['cancel', 'rerun']);
  });

  it('does not rescue a run when it cannot find out whether a newer run succeeded', async () => {
    const { report, posts } = await runRescue(
      fleet([stuck(1)]),
      {},
      { match: '/workflows/.*/runs', kind: 'status', status: 404 },
    );
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'unknown' }]);
  });
});
