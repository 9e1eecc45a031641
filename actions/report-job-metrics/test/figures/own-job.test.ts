import { describe, expect, it } from 'vitest';
import { isOwn, ownJob } from '../../src/figures/own-job.ts';
import { jobOf } from '../make-job.ts';

const own = { runId: '7', attempt: 2, key: 'build', runner: 'mine', hosted: false };
const answer = { ...jobOf(), runId: 7, attempt: 2 };

describe('isOwn', () => {
  it('believes an id whose run, attempt and runner are this job’s', () => {
    expect(isOwn(answer, own)).toBe(true);
    expect(isOwn({ ...answer, attempt: undefined }, own)).toBe(true);
  });

  it.each([
    { runId: 8 },
    { runId: undefined },
    { attempt: 1 },
    { runnerName: 'other' },
    { runnerName: undefined },
  ])('does not believe an id whose answer has %j', (change) =>
    expect(isOwn({ ...answer, ...change }, own)).toBe(false),
  );

  it('ignores the name of a hosted runner, which GitHub’s API can write in another way', () => {
    const hosted = { ...own, runner: 'GitHub-Actions-1000000242', hosted: true };
    expect(isOwn({ ...answer, runnerName: 'GitHub Actions 3' }, hosted)).toBe(true);
    expect(isOwn({ ...answer, attempt: 1 }, hosted)).toBe(false);
  });
});

describe('ownJob', () => {
  it('returns the only job in progress on the runner', () => {
    const mine = jobOf();
    const others = [jobOf({ runnerName: 'other' }), jobOf({ status: 'completed' })];
    expect(ownJob([...others, mine], own)).toBe(mine);
    expect(ownJob(others, own)).toBeUndefined();
    expect(ownJob([], own)).toBeUndefined();
  });

  it.each([['build'], ['build (linux, 20)'], ['call / build'], ['a / b / build (x)']])(
    'chooses by the key among runners of one name: %s',
    (name) => {
      const mine = jobOf({ name });
      expect(ownJob([jobOf({ name: 'test' }), mine, jobOf({ name: 'rebuild (x)' })], own)).toBe(mine);
    },
  );

  it('returns no job if the key fits several or none, and never a wrong one', () => {
    expect(ownJob([jobOf({ name: 'build (a)' }), jobOf({ name: 'build (b)' })], own)).toBeUndefined();
    expect(ownJob([jobOf({ name: 'One' }), jobOf({ name: 'Two' })], own)).toBeUndefined();
    expect(ownJob([jobOf({ name: 'One' }), jobOf({ name: '' })], { ...own, key: '' })).toBeUndefined();
  });
});
