import type { Fleet, FleetJob, FleetRun } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, labels, measure } from '../measured-job.ts';

const hour = 3600;

/** Creates a fleet with one earlier run for each duration in seconds, an hour apart, the newest first. */
function runsOf(
  durations: readonly number[],
  change: (index: number) => Partial<FleetJob> = () => ({}),
): Partial<Fleet> {
  const at = (index: number): number => (index + 1) * hour;
  const jobs = durations.map((seconds, index): FleetJob => ({
    ...{ id: 1000 + index, run_id: 100 + index, name: 'build', status: 'completed', conclusion: 'success' },
    ...{ labels, runner_id: 5, runner_name: `old-${index}`, runner_group_name: 'Default' },
    ...{ created_at: ago(at(index) + 9), started_at: ago(at(index)), completed_at: ago(at(index) - seconds) },
    ...change(index),
  }));
  const runs = jobs.map(({ run_id: id, conclusion }, index): FleetRun => {
    const created = ago(at(index) + 10);
    return {
      id,
      status: 'completed',
      conclusion: conclusion ?? null,
      created_at: created,
      updated_at: created,
    };
  });
  return { runs, jobs };
}

const times = <T>(amount: number, value: T): T[] => Array.from({ length: amount }, () => value);
const usual = runsOf(times(8, 60));
const asksHistory = (requests: readonly string[]) =>
  requests.filter((path) => /^actions\/(?!jobs\/)/.test(path));

describe('report-job-metrics: comparison with the history of the job', () => {
  it('situation 22: with eight earlier runs, a job that takes much longer is told so, and the output is slower', async () => {
    const { summary, outputs, report, warnings } = await measure({ now: true, seconds: 200, fleet: usual });
    expect(outputs['regression']).toBe('slower');
    expect(summary).toMatch(
      /This job took 3 min 2\d s: 2 min 2\d s longer than the median of its last 8 successful runs, 1 min 0 s\./,
    );
    expect(report?.findings.join()).toContain('longer than the median');
    expect(warnings).toEqual([]);
  });

  it('a job as usual has the output none, and its median in the summary', async () => {
    const { summary, outputs } = await measure({ now: true, seconds: 70, fleet: usual });
    expect(outputs['regression']).toBe('none');
    expect(summary).toMatch(/Duration: 1 min 1\d s; the median of the last 8 successful runs is 1 min 0 s\./);
  });

  it('situation 22: with seven earlier runs, it is still learning, however long the job took', async () => {
    const fleet = runsOf(times(7, 60));
    const { summary, outputs } = await measure({ now: true, seconds: 900, fleet });
    expect(outputs['regression']).toBe('learning');
    expect(summary).toContain('Not compared yet: it needs 8 earlier successful runs, and there are 7.');
    expect(summary).not.toContain('longer than the median');
  });

  it('situation 22: runs on another class of runner are not the history of this one', async () => {
    const fleet = runsOf(times(9, 60), (index) => (index < 4 ? {} : { labels: ['self-hosted', 'small'] }));
    const { outputs } = await measure({ now: true, seconds: 900, fleet });
    expect(outputs['regression']).toBe('learning');
  });

  it('situation 22: a job that failed is not compared', async () => {
    const { summary, job } = await measure({ seconds: 900, fleet: usual, job: { jobStatus: 'failure' } });
    expect(summary).toContain('Not compared, because the job did not succeed.');
    expect(summary).not.toContain('longer than the median');
    expect(job.posts[0]?.annotations).toEqual([]);
  });

  it('situation 23: the third run in a row above twice the median calls for a rollback', async () => {
    const fleet = runsOf([150, 150, ...times(8, 60)]);
    const { summary } = await measure({ seconds: 150, fleet });
    expect(summary).toContain('3 runs in a row took more than twice as long as usual. Consider a rollback.');
    const second = await measure({ seconds: 150, fleet: runsOf([150, ...times(8, 60)]) });
    expect(second.summary).not.toContain('in a row');
  });

  it('situation 24: fewer than 80 % of ten runs within a day succeeded: the summary counts them', async () => {
    const fleet = runsOf(times(10, 60), (index) => (index < 3 ? { conclusion: 'failure' } : {}));
    const { summary } = await measure({ fleet });
    expect(summary).toContain('Only 7 of 10 runs of this job succeeded in the last 24 hours');
  });
});

describe('report-job-metrics: when the history is not read', () => {
  it("without 'actions: read', one sentence says so, and the job is green", async () => {
    const tokens = { 'may-read': { permissions: { contents: 'read' as const } } };
    const { summary, job, requests, warnings } = await measure({ fleet: { ...usual, tokens } });
    expect(job.conclusion).toBe('success');
    expect(warnings).toEqual([]);
    expect(summary.match(/'actions: read'/g)).toHaveLength(1);
    expect(summary).toContain('Not compared with earlier runs, because GitHub does not tell');
    expect(asksHistory(requests)).toEqual([]);
  });

  it("with 'baseline: off', GitHub is not asked, and nothing is said", async () => {
    const { summary, requests } = await measure({ seconds: 200, fleet: usual, with: { baseline: 'off' } });
    expect(asksHistory(requests)).toEqual([]);
    expect(summary).not.toMatch(/median|compared/);
  });

  it('a matrix of 25 jobs does not ask, since all of them together would use up the limit of the hour', async () => {
    const matrix = (jobs: string) =>
      measure({ seconds: 200, fleet: usual, job: { contexts: { 'strategy.job-total': jobs } } });
    const { summary, requests } = await matrix('25');
    expect(asksHistory(requests)).toEqual([]);
    expect(summary).toContain('the matrix has 25 jobs, too many to ask for each');
    // Each job of a smaller matrix may ask for as many runs as a comparison needs.
    expect((await matrix('24')).summary).toMatch(/median of (?:the|its) last 8 successful runs/);
  });

  it('a token that has fewer than 300 calls left in this hour is asked once, and not again', async () => {
    const tokens = {
      'may-read': {
        permissions: { actions: 'read' as const },
        rate_limit: { limit: 1_000, remaining: 290 },
      },
    };
    const { summary, requests, job } = await measure({ seconds: 200, fleet: { ...usual, tokens } });
    expect(asksHistory(requests)).toEqual(['actions/workflows/ci.yml/runs']);
    expect(summary).toMatch(/because .*GitHub leaves the token only 28\d more calls in this hour\./);
    expect(job.conclusion).toBe('success');
  });

  it('a history that GitHub does not give is a sentence, and no warning', async () => {
    const faults = [{ match: /workflows/, kind: 'status' as const, status: 404 }];
    const { summary, warnings } = await measure({ seconds: 200, fleet: usual, faults });
    expect(summary).toMatch(/Duration: .* Not compared with earlier runs, because .*404/);
    expect(warnings).toEqual([]);
  });
});
