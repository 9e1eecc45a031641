import { expect, it } from 'vitest';
import { fleet, runner, select } from '../run-select-runner.ts';

it.each([
  ['JSON', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['a list in JSON', `[{"a": ${'['.repeat(200)}${']'.repeat(200)}}]`],
  ['YAML', `a: ${'['.repeat(20_000)}b${']'.repeat(20_000)}`],
])('rejects jobs with more levels than a person writes, as %s', async (_form, jobs) => {
  const { exitCode, annotations } = await select({ with: { jobs } });
  expect([exitCode, annotations.length]).toEqual([1, 1]);
  expect(annotations[0]?.message).toMatch(/^Input 'jobs' is /);
});

it('warns when only some of the jobs are skipped', async () => {
  const given = { fleet: fleet({ runners: [runner(1)] }), with: { jobs: '3', fallback: 'skip' } };
  const { annotations } = await select(given);
  expect(annotations.map(({ message }) => message)).toEqual([
    "2 of 3 jobs do not run, because no pool could take them and 'fallback' is skip.",
  ]);
});
