import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count } from '@runner-actions/history';
import { isSelfHosted, type Pool, runsOnFields } from '../../src/request/pool.ts';
import type { SelectionRequest } from '../../src/request/selection-request.ts';
import type { RunsOn } from '../../src/request/runs-on.ts';
import { type Placement, placeJobs } from '../../src/decide/placement.ts';
import type { PoolFacts } from '../../src/decide/verdict.ts';
import { hosted, jobs, pool, makeRequest, seen, untrusted, trusted, unknown } from './fixtures.ts';

function placed(
  request: SelectionRequest,
  facts: Record<string, PoolFacts>,
  trust = trusted,
): readonly Placement[] {
  const placing = placeJobs(request, trust);
  const read: string[] = [];
  for (let next = placing.next(); ;) {
    if (next.done === true) return next.value.placements;
    const { name } = next.value;
    const poolFacts = facts[name];
    if (poolFacts === undefined || read.includes(name)) throw new Error(`it reads ${name}`);
    read.push(name);
    next = placing.next(poolFacts);
  }
}
const own = (facts: PoolFacts, change: Partial<SelectionRequest> = {}, trust = trusted) =>
  placed(makeRequest(change), { own: facts }, trust)[0]!;

describe('placeJobs', () => {
  it.each([
    ['idle', seen(1, 1, 1), {}, true],
    ['busy', seen(0, 2, 1), {}, false],
    ['busy', seen(2, 1), { minFree: 3 }, false],
    ['idle', seen(3), { minFree: 3 }, true],
    ['online', seen(0, 2), { whenBusy: 'queue' as const }, true],
    ['offline', seen(0, 0, 3), { whenBusy: 'queue' as const }, false],
    ['no-match', seen(0), {}, false],
    ['group-not-visible', seen(0, 0, 0, 2), {}, false],
    ['unknown', unknown, {}, false],
    ['unknown', unknown, { onUnknown: 'use' as const }, true],
  ])('gives the reason %s for %o with %o', (reason, observation, change, taken) => {
    const placement = own({ observation }, { pools: [pool('own', change)] });
    expect(placement).toMatchObject({ decision: 'run', isSelfHosted: taken, verdict: { reason } });
    expect(placement.runsOn).toEqual(taken ? ['self-hosted', 'own'] : 'ubuntu-latest');
  });

  it('reads the facts of a pool only when it needs them', () => {
    const request = makeRequest({ pools: [pool('a'), pool('b'), hosted] });
    expect(() => placed(request, {})).toThrow('it reads a');
    expect(placed(request, { a: { observation: seen(1) } })[0]).toMatchObject({ pool: 'a' });
    expect(() => placed(request, { a: { observation: seen(0, 1) } })).toThrow('it reads b');
    expect(placed(request, {}, untrusted)[0]).toMatchObject({
      pool: 'hosted',
      verdict: { reason: 'untrusted' },
    });
  });

  it('keeps the reason why the preferred pool was not used', () => {
    const request = makeRequest({ pools: [pool('a'), hosted] });
    expect(placed(request, { a: { observation: seen(0, 3) } })[0]).toMatchObject({
      pool: 'hosted',
      verdict: { reason: 'busy' },
    });
  });

  it('accepts labels, a group, skip and fail as the fallback', () => {
    for (const fallback of [['a', 'b'], { group: 'g', labels: ['l'] }])
      expect(own({ observation: unknown }, { fallback }).runsOn).toEqual(fallback);
    expect(own({ observation: unknown }, { fallback: 'skip' }).decision).toBe('skip');
    expect(own({ observation: unknown }, { fallback: 'fail' }).decision).toBe('fail');
  });

  it('fails when an untrusted run, or force: hosted, would reach a self-hosted fallback', () => {
    const fallback = ['self-hosted', 'old'];
    expect(own({ observation: seen(1) }, { fallback }, untrusted)).toMatchObject({
      decision: 'fail',
      isSelfHosted: false,
    });
    expect(own({ observation: seen(1) }, { fallback, force: 'hosted' })).toMatchObject({
      decision: 'fail',
      verdict: { reason: 'forced' },
    });
  });

  it('skips a pool whose breaker is open, and uses it for the probe', () => {
    const observation = seen(5);
    expect(own({ observation, breaker: { state: 'open', why: 'x' } }).verdict.reason).toBe('breaker-open');
    expect(own({ observation, breaker: { state: 'probe', why: 'x' } }).isSelfHosted).toBe(true);
  });

  it('leaves free runners to earlier runs', () => {
    expect(own({ observation: seen(3), ahead: 2 }).isSelfHosted).toBe(true);
    expect(own({ observation: seen(3), ahead: 3 }).verdict.reason).toBe('busy');
  });

  const policy = {
    whenBusy: fc.constantFrom('fallback' as const, 'queue' as const, 'wait' as const),
    minFree: fc.integer({ min: 1, max: 4 }),
    onUnknown: fc.constantFrom('fallback' as const, 'use' as const),
  };
  const anyObservation = fc.oneof(
    fc.constant(unknown),
    fc.tuple(fc.nat(9), fc.nat(9), fc.nat(3), fc.nat(2)).map((counts) => seen(...counts)),
  );
  const anyFacts = fc.record({
    observation: anyObservation,
    breaker: fc
      .constantFrom(...([undefined, 'open', 'probe', 'closed'] as const))
      .map((state) => (state === undefined ? undefined : { state, why: '' })),
    lostRunner: fc.boolean(),
    ahead: fc.nat(3),
  });
  const shapes: RunsOn[] = [
    ...['ubuntu-latest', 'gpu', 'GPU', 'big'],
    ...[
      ['gpu', 'big'],
      ['self-hosted', 'gpu'],
      { group: 'machines' },
      { group: 'Machines', labels: ['gpu'] },
    ],
    ...[{ group: 'larger', labels: 'big' }],
  ];
  const kinds = ['runners', 'scale-set', 'hosted'] as const;
  const anyPool = (name: string) =>
    fc
      .record({ ...policy, kind: fc.constantFrom(...kinds), runsOn: fc.constantFrom(...shapes) })
      .map(({ runsOn, ...change }) => pool(name, { ...change, ...runsOnFields(runsOn) }));
  const anyJob = fc.record({
    pools: fc.shuffledSubarray(['a', 'b', 'c']),
    weight: fc.integer({ min: 1, max: 3 }),
    rollout: fc.record({ name: fc.constant(''), share: fc.constantFrom(0, 0.5, 1), point: fc.constant(0.4) }),
  });
  const anyQuestion = fc
    .record({
      pools: fc.tuple(anyPool('a'), anyPool('b'), anyPool('c')),
      jobs: fc.array(anyJob, { maxLength: 8 }),
      placement: fc.constantFrom('spread' as const, 'together' as const),
      force: fc.constantFrom(undefined, 'a', 'b', 'c', 'hosted'),
      fallback: fc.constantFrom(...shapes, 'fail' as const, 'skip' as const),
      unknown: fc.constantFrom(undefined, 'a 503'),
    })
    .map((change) =>
      makeRequest({
        ...change,
        jobs: change.jobs.map((job, index) => ({ ...jobs(1, [])[0]!, ...job, index })),
      }),
    );

  /** Matches as GitHub does: a machine of the pool takes a job if it has all labels and is in the group. */
  const takes = (machine: Pool, runsOn: RunsOn): boolean => {
    const { labels, group } = runsOnFields(runsOn);
    const isInGroup = group === undefined || group.toLowerCase() === machine.group?.toLowerCase();
    const own = machine.labels.map((label) => label.toLowerCase());
    return isInGroup && labels.every((label) => own.includes(label.toLowerCase()));
  };

  it('never gives an untrusted run a self-hosted runner, for any facts and request', () => {
    fc.assert(
      fc.property(anyQuestion, anyFacts, anyFacts, anyFacts, (request, a, b, c) => {
        const machines = request.pools.filter(({ kind }) => kind !== 'hosted');
        for (const { decision, isSelfHosted: isOwn, runsOn } of placed(request, { a, b, c }, untrusted)) {
          expect(isOwn).toBe(false);
          expect(JSON.stringify(runsOn)).not.toContain('self-hosted');
          if (decision === 'run') expect(machines.filter((machine) => takes(machine, runsOn))).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never uses a pool that this repository may not use', () => {
    const hiddenOnly = fc
      .integer({ min: 1, max: 9 })
      .map((hidden) => ({ observation: seen(0, 0, 0, hidden) }));
    fc.assert(
      fc.property(anyQuestion, hiddenOnly, anyFacts, anyFacts, (request, a, b, c) => {
        fc.pre(request.force !== 'a' && isSelfHosted(request.pools[0]!));
        expect(placed(request, { a, b, c }).filter((placement) => placement.pool === 'a')).toEqual([]);
      }),
    );
  });

  it('places every job once, in order, with the same result each time, and never more than a pool has room for', () => {
    fc.assert(
      fc.property(anyQuestion, anyFacts, anyFacts, anyFacts, (request, a, b, c) => {
        const placements = placed(request, { a, b, c });
        expect(placed(request, { a, b, c })).toEqual(placements);
        expect(placements.map(({ job }) => job.index)).toEqual(request.jobs.map(({ index }) => index));
        const onA = placements.filter((placement) => placement.pool === 'a').length;
        const { whenBusy } = request.pools[0]!;
        if (isSelfHosted(request.pools[0]!) && request.force !== 'a' && a.observation.kind === 'seen')
          expect(onA).toBeLessThanOrEqual(Math.max(0, whenBusy.capacity(a.observation.free) - a.ahead));
        if (request.placement === 'spread') return;
        const choices = Map.groupBy(placements, ({ job }) => JSON.stringify([job.pools, job.rollout]));
        for (const own of choices.values())
          expect(new Set(own.map((placement) => placement.pool)).size).toBe(1);
      }),
    );
  });

  it('never moves a job away from a pool because one more runner is free', () => {
    const counts = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(3));
    fc.assert(
      fc.property(
        anyQuestion,
        counts,
        anyFacts,
        anyFacts,
        fc.nat(3),
        (request, [free, busy, offline], b, c, ahead) => {
          const onA = (observation: PoolFacts['observation']) =>
            placed(request, { a: { observation, ahead }, b, c }).filter((placement) => placement.pool === 'a')
              .length;
          expect(onA(seen(free + 1, busy, offline))).toBeGreaterThanOrEqual(onA(seen(free, busy, offline)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  describe('placement: together', () => {
    const ofClasses = (...classes: string[][]) =>
      classes.map((own, index) => ({ ...jobs(1, own)[0]!, index }));
    const where = (free: Record<string, number>, ...classes: string[][]) => {
      const request = makeRequest({
        pools: [pool('a'), pool('b'), hosted],
        jobs: ofClasses(...classes),
        placement: 'together',
      });
      const facts = Object.entries(free).map(([name, amount]) => [name, { observation: seen(amount) }]);
      return placed(request, Object.fromEntries(facts) as Record<string, PoolFacts>).map(
        ({ pool: to }) => to,
      );
    };

    it('requires room only for the jobs that may use the pool', () => {
      expect(where({ a: 1, b: 1 }, ['a', 'hosted'], ['b', 'hosted'])).toEqual(['a', 'b']);
    });

    it('gives no pool more jobs than it has room for', () => {
      expect(where({ a: 3 }, ['a', 'hosted'], ['a', 'hosted'], ['a'], ['a'])).toEqual([
        ...['a', 'a'],
        ...['fallback', 'fallback'],
      ]);
    });
  });

  it('fails for an untrusted run when the fallback matches a self-hosted pool', () => {
    const arc = pool('arc', { kind: 'scale-set', runsOn: 'ARC', labels: ['ARC'] });
    const request = { pools: [arc, hosted], jobs: jobs(1, ['arc']), fallback: 'arc' };
    expect(own({ observation: seen(0) }, request, untrusted)).toMatchObject({ decision: 'fail', runsOn: '' });
    expect(placed(makeRequest(request), { arc: { observation: seen(0, 1) } })).toMatchObject([
      { decision: 'run', isSelfHosted: true },
    ]);
  });

  it.each([
    ['spread', 2, 10],
    ['spread', 1, 1],
    ['together', 2, 10],
    ['together', 1, 0],
  ] as const)(
    'gives a pool all jobs if as many are free as run at once: %s, %i free',
    (placement, free, own) => {
      const request = makeRequest({
        ...{ pools: [pool('a'), hosted], jobs: jobs(10, ['a', 'hosted']), placement, maxParallel: 2 },
      });
      const placements = placed(request, { a: { observation: seen(free) } });
      expect(placements.filter(({ isSelfHosted }) => isSelfHosted)).toHaveLength(own);
    },
  );

  it('gives heavier jobs the preferred pool', () => {
    const request = makeRequest({
      pools: [pool('a'), hosted],
      jobs: jobs(4, ['a', 'hosted']).map((job) => ({ ...job, weight: job.index + 1 })),
    });
    const placements = placed(request, { a: { observation: seen(2) } });
    expect(placements.map((placement) => placement.pool)).toEqual(['hosted', 'hosted', 'a', 'a']);
  });

  it('counts a runner only if it has all labels, in any case', () => {
    const runner = (labels: string[], busy = false, online = true) => ({ id: 1, labels, busy, online });
    const runners = [
      runner(['self-hosted', 'Linux', 'X64', 'gpu']),
      runner(['self-hosted', 'linux'], true),
      runner(['SELF-HOSTED', 'LINUX'], false, false),
      runner(['self-hosted', 'macOS']),
    ];
    const counts = { matching: 3, online: 2, free: 1, outdated: 0 };
    expect(count(runners, ['Self-Hosted', 'linux'], undefined)).toEqual(counts);
  });
});
