// Runners that GitHub does not list, lists late, or lists without labels. A run that may still start is left alone.
import type { Fleet, FleetRunner } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, runRescue, stuck } from './run-rescue.ts';

const admin = { 'runner-token': 'admin', exclusive: 'false' };
const dead: FleetRunner = { id: 1, name: 'r', labels, status: 'offline' };
const organizationHas = (runners: FleetRunner[]): Partial<Fleet> => ({
  repositories: [{ id: 1, name: 'app', private: true }],
  organization_runners: runners,
});
const others = (amount: number): FleetRunner[] =>
  Array.from({ length: amount }, (_, index) => ({ id: 100 + index, name: `o${index}`, labels: ['other'] }));

/** A run with one job of a scale set. */
const arc = (id: number, status: 'queued' | 'in_progress', age: number) =>
  stuck(
    id,
    { status, created_at: ago(age) },
    {
      ...{ labels: ['arc-large'], created_at: ago(age), status },
      ...(status === 'queued' ? {} : { runner_id: 70, runner_name: 'arc-large-x', started_at: ago(age) }),
    },
  );

describe('rescue-queued-jobs: answers that are incomplete', () => {
  it('leaves a run of a scale set whose runners are listed without labels', async () => {
    const given = fleet([arc(1, 'queued', 15), arc(2, 'in_progress', 20)], {
      ...organizationHas([{ id: 70, name: 'arc-large-x', labels: [], busy: true, ephemeral: true }]),
    });
    const { posts, report } = await runRescue(given, { ...admin, labels: 'arc-large' });
    expect(posts).toEqual([]);
    expect(report?.runs.find(({ id }) => id === 1)).toMatchObject({ reason: 'pool-alive' });
  });

  it.each<[string, Partial<Fleet>, Record<string, string>]>([
    ['no runner with its labels is registered', organizationHas([]), {}],
    ['its runners take one job each', organizationHas([{ ...dead, ephemeral: true }]), {}],
    [
      'an online runner is listed without labels',
      organizationHas([dead, { id: 2, name: 'a', labels: [] }]),
      {},
    ],
    [
      'the enterprise shares a group whose runners the token cannot see',
      {
        ...organizationHas([dead]),
        enterprise: 'acme',
        enterprise_runners: [{ ...dead, id: 7, status: 'online', runner_group_id: 70 }],
        runner_groups: [{ id: 3, name: 'Shared', visibility: 'all', inherited: true, enterprise_id: 70 }],
      },
      {},
    ],
    [
      'only jobs tell, and other repositories may use the pool',
      {},
      { 'runner-token': '', exclusive: 'false' },
    ],
  ])('leaves a run when %s', async (_case, change, inputs) => {
    const { posts, report } = await runRescue(fleet([stuck(1)], change), { ...admin, ...inputs });
    expect(posts).toEqual([]);
    expect(report?.runs[0]).toMatchObject({ id: 1, reason: 'unknown' });
  });

  it('leaves a run while a machine may still boot, as it did for earlier jobs', async () => {
    const booted = stuck(
      5,
      {
        status: 'completed',
        conclusion: 'success',
        path: '.github/workflows/nightly.yml',
        created_at: ago(60),
      },
      {
        ...{ status: 'completed', conclusion: 'success', runner_id: 1, runner_name: 'r' },
        ...{ created_at: ago(60), started_at: ago(50), completed_at: ago(45) },
      },
    );
    const { posts, report } = await runRescue(fleet([stuck(1), booted], organizationHas([dead])), admin);
    expect(posts).toEqual([]);
    expect(report?.runs[0]).toMatchObject({
      reason: 'unknown',
      why: expect.stringMatching(/up to 20 min count as usual/) as string,
    });
  });

  it('leaves a run when its only online runner moves to a page that was read', async () => {
    const many = [...others(100), { ...dead, status: 'online' as const }];
    const { posts, report } = await runRescue(
      fleet([stuck(1)], organizationHas(many)),
      admin,
      undefined,
      {},
      {
        after: /\/orgs\/octo\/actions\/runners\?.*page=1$/,
        change: (before) => ({ ...before, organization_runners: before.organization_runners!.slice(1) }),
      },
    );
    expect(posts).toEqual([]);
    expect(report?.runs[0]).toMatchObject({
      reason: 'unknown',
      why: expect.stringMatching(/the list changed while it was read/) as string,
    });
  });

  it('leaves a run when its only online runner moves to a page that was read while another one joins', async () => {
    const many = [...others(100), { ...dead, status: 'online' as const }];
    let isFirst = true;
    const { posts, report } = await runRescue(
      fleet([stuck(1)], organizationHas(many)),
      admin,
      undefined,
      {},
      {
        after: /\/orgs\/octo\/actions\/runners\?.*page=1$/,
        change: (before) => {
          const joined = { id: 999, name: 'new', labels: ['other'] };
          const list = isFirst
            ? [...before.organization_runners!.slice(1), joined]
            : before.organization_runners!;
          isFirst = false;
          return { ...before, organization_runners: list };
        },
      },
    );
    expect(posts).toEqual([]);
    expect(report?.runs[0]?.reason).toMatch(/^(?:unknown|pool-alive)$/);
  });

  it('leaves all runs when a queued run that it cannot read may have had a job in the pool', async () => {
    const many = Array.from({ length: 40 }, (_, index) => stuck(index + 1, { created_at: ago(60) }));
    const started = stuck(90, { created_at: ago(40), updated_at: ago(5) });
    const { posts, report, annotations } = await runRescue(fleet([...many, started]));
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'unknown']);
    expect(annotations[0]?.message).toMatch(
      /run 90 may have had a job in the pool.* Increase 'calls' above 40/,
    );
    const { posts: more } = await runRescue(fleet([...many, started]), { calls: '90', 'max-runs': '1' });
    expect(more).toEqual(['cancel', 'rerun']);
  });

  it('leaves a run when a run that waits for an approval has a job in progress in the pool', async () => {
    const job = { status: 'in_progress' as const, runner_id: 5, runner_name: 'r', started_at: ago(30) };
    const waiting = stuck(2, { status: 'waiting', updated_at: ago(1) }, job);
    const { posts, report } = await runRescue(fleet([stuck(1), waiting]));
    expect([posts, report?.runs]).toMatchObject([[], [{ id: 1, reason: 'pool-alive' }]]);
  });

  it('does not read a run that has waited for an approval since before the queued runs', async () => {
    const waiting = stuck(2, { status: 'waiting', created_at: ago(90), updated_at: ago(60) });
    const { posts, requests } = await runRescue(fleet([stuck(1), waiting]));
    expect(posts).toEqual(['cancel', 'rerun']);
    expect(requests.filter(({ path }) => path.includes('/runs/2/'))).toEqual([]);
  });

  it('rescues a run when all lists are complete and its registered runner is offline', async () => {
    const { posts } = await runRescue(fleet([stuck(1)], organizationHas([...others(130), dead])), admin);
    expect(posts).toEqual(['cancel', 'rerun']);
  });
});
