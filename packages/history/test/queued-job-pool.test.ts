import type { RunJob } from '@runner-actions/github';
import { describe, expect, it } from 'vitest';
import { poolLife } from '../src/observation.ts';
import type { DeclaredPool } from '../src/pool.ts';
import { observeQueuedJob, type QueueFacts } from '../src/queued-job-pool.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const ago = (minutes: number) => now - minutes * 60_000;
const job = (change: Partial<RunJob> = {}): RunJob => ({
  ...{ id: 1, name: 'build', status: 'queued', conclusion: undefined, labels: ['self-hosted', 'Linux'] },
  ...{ runnerId: undefined, runnerName: undefined, runnerGroup: undefined, steps: [] },
  ...{ createdAt: ago(10), startedAt: undefined, completedAt: undefined },
  ...change,
});
/** A job that a runner took so many minutes ago, after it had waited for so many minutes. */
const taken = (minutes: number, waited = 1, change: Partial<RunJob> = {}): RunJob =>
  job({
    ...{ status: 'completed', runnerId: 1, createdAt: ago(minutes + waited), startedAt: ago(minutes) },
    ...change,
  });
const runner = (labels: string[], change: Partial<NonNullable<QueueFacts['runners']>[number]> = {}) => ({
  ...{ id: 1, name: 'r', labels, online: true, busy: true, ephemeral: false, ...change },
});
const offline = runner(['self-hosted', 'linux'], { online: false, busy: false });
const observe = (given: Partial<QueueFacts>) =>
  observeQueuedJob(job(), {
    ...{ jobs: [], runners: undefined, pools: [], isExclusive: true },
    oldest: [2, 329, 0],
    now,
    ...given,
  });
const lifeOf = (given: Partial<QueueFacts>) => poolLife(observe(given));

describe('the pool of a queued job', () => {
  it.each([
    ['unknown without any other job', [], 'unknown'],
    ['alive while a job is running there', [taken(99, 1, { status: 'in_progress' })], 'alive'],
    ['alive if it took a job later', [taken(5)], 'alive'],
    ['dead if it took its last job before', [taken(11)], 'dead'],
    [
      'alive while it runs a job with more labels',
      [taken(99, 1, { status: 'in_progress', labels: ['Self-Hosted', 'linux', 'gpu'] })],
      'alive',
    ],
    [
      'alive while its runner runs a job with other labels',
      [taken(60), taken(20, 1, { status: 'in_progress', labels: ['self-hosted'] })],
      'alive',
    ],
    ['alive while a job in progress names no runner yet', [job({ status: 'in_progress' })], 'alive'],
    ['alive if it ended a job a moment ago', [taken(60, 1, { completedAt: ago(0.3) })], 'alive'],
    ['dead if it ended its last job long ago', [taken(60, 1, { completedAt: ago(40) })], 'dead'],
    ['unknown if only another pool has jobs', [taken(5, 1, { labels: ['self-hosted'] })], 'unknown'],
    ['unknown if earlier jobs waited as long for a machine to boot', [taken(60, 6)], 'unknown'],
    ['dead if the wait is much longer than usual', [taken(60, 4)], 'dead'],
  ])('is %s, judged by jobs', (_case, jobs, life) => expect(lifeOf({ jobs })).toBe(life));

  it.each<[string, QueueFacts['runners'], string]>([
    ['alive while a busy runner has all the labels', [runner(['Self-Hosted', 'linux', 'gpu'])], 'alive'],
    ['dead if its runner is offline', [offline, runner(['self-hosted'])], 'dead'],
    ['unknown if its runner is listed as offline and as busy', [{ ...offline, busy: true }], 'unknown'],
    ['unknown if no runner with the labels is registered', [runner(['self-hosted'])], 'unknown'],
    ['unknown if its runners take one job each', [{ ...offline, ephemeral: true }], 'unknown'],
    ['unknown if an online runner is listed without labels', [offline, runner([])], 'unknown'],
    ['dead if its runner is too old to get jobs', [runner(offline.labels, { version: '2.328.0' })], 'dead'],
  ])('is %s, judged by runners', (_case, runners, life) => expect(lifeOf({ runners })).toBe(life));

  it('is alive while a job is running there, although no runner with the labels is listed', () =>
    expect(lifeOf({ runners: [runner([])], jobs: [taken(20, 1, { status: 'in_progress' })] })).toBe('alive'));

  it('is unknown if an earlier job ran on a runner that is not registered any more', () =>
    expect(lifeOf({ runners: [offline], jobs: [taken(60, 1, { runnerId: 9 })] })).toBe('unknown'));

  it('is unknown if the machine of an earlier job has registered again under its name', () => {
    const jobs = [taken(60, 1, { runnerId: 9, runnerName: 'r' })];
    expect(lifeOf({ runners: [offline], jobs })).toBe('unknown');
  });

  it('is unknown while a listed machine may still boot, as it did for earlier jobs', () =>
    expect(lifeOf({ runners: [offline], jobs: [taken(60, 6)] })).toBe('unknown'));

  it('is unknown, judged by jobs, if other repositories may have jobs there', () =>
    expect(lifeOf({ jobs: [taken(11)], isExclusive: false })).toBe('unknown'));

  it('is alive with an old runner on a server that has no oldest version', () => {
    const runners = [runner(offline.labels, { version: '2.328.0' })];
    expect(lifeOf({ runners, oldest: undefined })).toBe('alive');
  });
});

describe('the declared pool of a queued job', () => {
  const pool = (kind: DeclaredPool['kind'], change: Partial<DeclaredPool> = {}): DeclaredPool => ({
    ...{ name: 'own', kind, isDeclared: true, labels: ['self-hosted', 'linux'], group: undefined },
    ...change,
  });

  it.each([
    ['no runner is registered', []],
    ['another pool has an online runner without labels', [offline, runner([])]],
    ['its runners take one job each and are offline', [{ ...offline, ephemeral: true }]],
  ])('is dead with kind runners when %s', (_case, runners) => {
    expect(lifeOf({ runners, pools: [pool('runners')] })).toBe('dead');
    expect(lifeOf({ runners, pools: [pool('runners', { isDeclared: false })] })).toBe('unknown');
    expect(lifeOf({ runners })).toBe('unknown');
  });

  it.each([
    ['has a group, which a queued job does not show', [pool('runners', { group: 'build' })]],
    ['shares its labels with a pool on demand', [pool('runners'), pool('autoscaled', { group: 'aws' })]],
    ['has other labels', [pool('runners', { labels: ['self-hosted'] })]],
  ])('is unknown with kind runners when no runner is registered and it %s', (_case, pools) =>
    expect(lifeOf({ runners: [], pools })).toBe('unknown'),
  );

  it('is unknown with kind runners when the runners cannot be listed and other repositories may use it', () =>
    expect(lifeOf({ jobs: [taken(11)], isExclusive: false, pools: [pool('runners')] })).toBe('unknown'));

  it.each(['scale-set', 'autoscaled'] as const)('is never dead with kind %s', (kind) => {
    const pools = [pool(kind, { labels: ['self-hosted', 'linux', 'x64'] })];
    expect(lifeOf({ runners: [offline], pools })).toBe('unknown');
    expect(lifeOf({ jobs: [taken(11)], pools })).toBe('unknown');
    expect(lifeOf({ jobs: [taken(5)], pools })).toBe('alive');
  });

  it('says for a pool on demand whether the wait is longer than usual', () => {
    const pools = [pool('autoscaled')];
    expect(observe({ jobs: [taken(60, 6)], pools }).detail).toMatch(
      /own starts .* 10 min, which is not unusual/,
    );
    expect(observe({ jobs: [taken(60, 1)], pools }).detail).toMatch(
      /waited for 10 min, which is longer than usual: check what starts its runners/,
    );
  });
});
