import { describe, expect, it } from 'vitest';
import { readScaleSet } from '../src/scale-set-metrics.ts';

const question = {
  names: ['arc'],
  repository: { owner: 'octo', name: 'app' },
  maxRunners: undefined,
  now: 0,
};
const listener = {
  assigned_jobs: 0,
  running_jobs: 0,
  idle_runners: 0,
  registered_runners: 0,
  max_runners: 40,
};

function judge(gauges: Record<string, number>) {
  const samples = Object.entries({ ...listener, ...gauges }).map(([name, value]) => ({
    ...{ name: `gha_${name}`, labels: { name: 'arc' }, value, timestamp: undefined },
  }));
  const seen = readScaleSet(samples, question);
  return seen.kind === 'seen' ? [seen.state ?? seen.free, seen.confidence] : seen.detail;
}

describe('a scale set', () => {
  it.each([
    ['without jobs has all runners free', {}, [40, 'high']],
    [
      'whose jobs all run has the others free',
      { assigned_jobs: 4, running_jobs: 4, registered_runners: 4 },
      [36, 'high'],
    ],
    ['with a waiting job and an idle runner is free', { assigned_jobs: 1, idle_runners: 1 }, [39, 'high']],
    ['that starts its first runner is free, with low confidence', { assigned_jobs: 1 }, [39, 'low']],
    [
      'that starts runners beside those at work is free, with medium confidence',
      { assigned_jobs: 9, running_jobs: 2, registered_runners: 2 },
      [31, 'medium'],
    ],
    ['with as many jobs as it takes is saturated', { assigned_jobs: 40 }, ['saturated', 'high']],
  ])('%s', (_name, gauges, expected) => expect(judge(gauges)).toEqual(expected));

  const failing = {
    ...{ assigned_jobs: 4, running_jobs: 1, registered_runners: 1, desired_runners: 4 },
    ...{ controller_failed_ephemeral_runners: 3, controller_pending_ephemeral_runners: 0 },
  };

  it('is degraded if failed runners hold every place that it wants to fill', () => {
    expect(judge(failing)).toEqual(['degraded', 'high']);
    expect(judge({ ...failing, assigned_jobs: 2 })).toEqual(['degraded', 'high']);
  });

  it.each([
    ['a runner is starting', { controller_pending_ephemeral_runners: 1 }, 36],
    ['it wants more runners than it has', { assigned_jobs: 5, desired_runners: 5 }, 35],
  ])('is not degraded by three old failures while %s', (_name, change, free) => {
    expect(judge({ ...failing, ...change })).toEqual([free, 'medium']);
  });

  it.each(['desired_runners', 'controller_pending_ephemeral_runners', 'controller_failed_ephemeral_runners'])(
    'is not degraded without the series gha_%s',
    (name) => {
      const { [name]: _, ...rest } = failing as Record<string, number>;
      expect(judge(rest)).toEqual([36, 'medium']);
    },
  );

  it('is not degraded by failures while all runners that it wants are at work', () => {
    expect(judge({ ...failing, assigned_jobs: 6, running_jobs: 4 })).toEqual([34, 'medium']);
  });

  it.each(['max_runners', 'desired_runners', 'controller_pending_ephemeral_runners'])(
    'is unknown if gha_%s is not a count',
    (name) => expect(judge({ ...failing, [name]: Number.NaN })).toBe(`gha_${name} is NaN`),
  );

  it('is unknown if no maximum is known', () => {
    const samples = ['assigned_jobs', 'running_jobs', 'idle_runners', 'registered_runners'].map((name) => ({
      ...{ name: `gha_${name}`, labels: {}, value: 0, timestamp: undefined },
    }));
    expect(readScaleSet(samples, question)).toMatchObject({
      kind: 'unknown',
      detail: "gha_max_runners is missing, and the pool has no 'max-runners'",
    });
  });
});
