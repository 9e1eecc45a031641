import type { Observation } from '@runner-actions/history';
import { describe, expect, it } from 'vitest';
import { type Decision, decideWithoutFacts, toDryRun } from '../../src/decide/decision.ts';
import { noEstimates } from '../../src/decide/estimates.ts';
import { placeJobs } from '../../src/decide/placement.ts';
import { adviceFor, fallbackOf, fellBack, poolsWithoutSource } from '../../src/report/fallback.ts';
import type { SelectionRequest } from '../../src/request/selection-request.ts';
import { hosted, jobs, makeRequest, pool, seen, trusted, unknown, untrusted } from '../decide/fixtures.ts';

const noSource: Observation = {
  ...{ kind: 'unknown', source: 'history', reason: 'token-missing', failed: false, detail: 'no job' },
};

/** Places the jobs with the same facts about each pool. */
function decide(
  change: Partial<SelectionRequest> = {},
  observation: Observation = seen(0, 1),
  trust = trusted,
): Decision {
  const request = makeRequest(change);
  const placing = placeJobs(request, trust);
  let next = placing.next();
  while (next.done !== true) next = placing.next({ observation });
  return { ...next.value, request, trust, estimates: noEstimates, waitedMilliseconds: 0, calls: 0 };
}

const outsideRollout = jobs(1, ['own'], { rollout: { name: '', share: 0, point: 0.5 } });
const twoPools = [pool('own'), hosted];

describe('fellBack', () => {
  it.each([
    ['no runner is free', decide(), true],
    ['a hosted pool takes the job of a busy one', decide({ pools: twoPools }), true],
    ['the fallback is fail', decide({ fallback: 'fail' }), true],
    ['the fallback is self-hosted', decide({ fallback: ['self-hosted', 'other'] }), true],
    ['one of two jobs finds no runner', decide({ jobs: jobs(2, ['own']) }, seen(1)), true],
    ['nothing is known about the pool', decide({}, unknown), true],
    ['the configuration cannot be read', decide({ pools: [], unknown: 'down' }), true],
    ['the decision failed', decideWithoutFacts(makeRequest(), trusted, 'down'), true],
    ['a runner is free', decide({}, seen(1)), false],
    [
      'the second self-hosted pool takes the job',
      decide({ pools: [pool('own'), pool('b')] }, seen(1)),
      false,
    ],
    ['a hosted pool is the first choice', decide({ pools: [hosted] }), false],
    ['the run is untrusted', decide({}, seen(1), untrusted), false],
    ['the run is not in the rollout', decide({ jobs: outsideRollout }), false],
    ['force is hosted', decide({ force: 'hosted' }), false],
    ['it is a dry run', toDryRun(decide({ dryRun: true })), false],
    ['there are no jobs', decide({ jobs: [] }), false],
  ] as const)('says when %s whether the job fell back', (_case, decision, expected) => {
    expect(fellBack(decision)).toBe(expected);
  });
});

describe('fallbackOf', () => {
  const fallback = (change: Partial<SelectionRequest>, trust = trusted) =>
    fallbackOf(decide({ jobs: [], ...change }, seen(1), trust));

  it('returns JSON for labels, and the bare word for fail and skip, even without jobs', () => {
    expect(fallback({ fallback: ['big', 'hosted'] })).toBe('["big","hosted"]');
    expect(fallback({ fallback: 'big' })).toBe('"big"');
    expect(fallback({ fallback: 'fail' })).toBe('fail');
    expect(fallback({ fallback: 'skip' })).toBe('skip');
  });

  it('returns fail when the fallback is self-hosted, and the run may not use it', () => {
    const own = { fallback: ['self-hosted', 'spare'] };
    expect(fallback(own)).toBe('["self-hosted","spare"]');
    expect(fallback(own, untrusted)).toBe('fail');
    expect(fallback({ ...own, force: 'hosted' })).toBe('fail');
  });
});

describe('poolsWithoutSource', () => {
  it('names all pools about which the step had nothing to ask', () => {
    const pools = [pool('a'), pool('b')];
    expect(poolsWithoutSource(decide({ pools }, noSource))).toEqual(['a', 'b']);
  });

  it.each([
    ['a request failed', decide({}, { ...noSource, failed: true })],
    ['a token was given', decide({}, { ...noSource, reason: 'unknown' })],
    [
      'on-unknown is use, so the pool gets jobs',
      decide({ pools: [pool('own', { onUnknown: 'use' })] }, noSource),
    ],
    ['the run is untrusted, so no pool was checked', decide({}, noSource, untrusted)],
  ] as const)('names no pool when %s', (_case, decision) => {
    expect(poolsWithoutSource(decision)).toEqual([]);
  });

  it('leads to advice that names the pools and both remedies', () => {
    expect(adviceFor(['a', 'b'])).toMatch(/runners of a, b are online.*'runner-token'.*heartbeat workflow/);
  });
});
