import { expect, it } from 'vitest';
import { seriesDirectory } from '../../src/sampling/series-files.ts';

const key = { repository: 'octo/app', runId: '7', runAttempt: 1, job: 'build', trackingId: 'github_a' };

it('seriesDirectory returns a different folder for each job', () => {
  const folders = [
    key,
    { ...key, trackingId: 'github_b' },
    { ...key, runAttempt: 2 },
    { ...key, job: 'test' },
    { ...key, repository: 'octo/other' },
  ].map((each) => seriesDirectory('/t', each));
  expect(new Set(folders).size).toBe(5);
  expect(seriesDirectory('/t', key)).toBe(folders[0]);
});

it('seriesDirectory stays in its folder for any job name', () => {
  const folder = seriesDirectory('/t', { ...key, job: '../../x', runId: '../1' });
  expect(folder).toMatch(/^\/t\/runner-actions\/job-metrics\/[\w-]+$/);
});
