import { describe, expect, it } from 'vitest';
import { limitByPolicy } from '../src/policy-limits.ts';

const day = 86_400_000;
const asked: Parameters<typeof limitByPolicy>[0] = {
  ...{ processes: true, containers: 'owned', maxAge: 14 * day },
  ...{ reclaim: 'auto', budget: 60_000, diskHigh: 0.85, diskLow: 0.75 },
};
const limit = (cleanup: object, given = asked) =>
  limitByPolicy(given, { version: 1, cleanup }, '/etc/policy.yml');

describe('limitByPolicy', () => {
  it('changes nothing without limits', () => {
    expect(limitByPolicy(asked, { version: 1 }, '/etc/policy.yml')).toEqual({ inputs: asked, limits: [] });
  });

  it.each([
    ['budget', { budget: 30_000 }, { budget: 30_000 }, "limits 'budget' to 30.0 s, from 1 min"],
    ['processes', { processes: false }, { processes: false }, "limits 'processes' to false, from true"],
    ['containers', { containers: 'off' }, { containers: 'off' }, "limits 'containers' to off, from owned"],
    ['max-age', { 'max-age': 30 * day }, { maxAge: 30 * day }, "limits 'max-age' to 30d, from 14d"],
    ['disk-high', { 'disk-high': 0.9 }, { diskHigh: 0.9 }, "limits 'disk-high' to 90%, from 85%"],
    ['disk-low', { 'disk-low': 0.8 }, { diskLow: 0.8 }, "limits 'disk-low' to 80%, from 75%"],
  ])('lets a job do less: %s', (_, cleanup, expected, said) => {
    const { inputs, limits } = limit(cleanup);
    expect(inputs).toEqual({ ...asked, ...expected });
    expect(limits).toEqual([expect.stringContaining(`/etc/policy.yml ${said}`)]);
  });

  it('never lets a job do more than it asks for', () => {
    const least = { processes: false, containers: 'off' as const, maxAge: 90 * day };
    const given = { ...asked, ...least, budget: 1_000, diskHigh: 0.99, diskLow: 0.98 };
    const policy = {
      ...{ budget: 30_000, processes: true, containers: 'owned', 'max-age': day },
      ...{ 'disk-high': 0.5, 'disk-low': 0.4 },
    };
    expect(limit(policy, given)).toEqual({ inputs: given, limits: [] });
  });

  it('never stops above the level at which it starts', () => {
    expect(limit({ 'disk-low': 0.95 }).inputs).toMatchObject({ diskHigh: 0.85, diskLow: 0.85 });
  });

  it('says what may not be freed', () => {
    const given = { ...asked, reclaim: ['images', 'tool-cache', 'caches'] as const };
    const { inputs, limits } = limitByPolicy(given, { version: 1, reclaim: ['images'] }, '/etc/policy.yml');
    expect(inputs).toEqual(given);
    expect(limits).toEqual(['/etc/policy.yml does not allow to reclaim tool-cache, caches.']);
    expect(limitByPolicy(given, { version: 1 }, '/etc/policy.yml').limits).toEqual([]);
  });

  it('says what is protected', () => {
    expect(limit({ protect: ['/srv/a', '/srv/b'] }).limits).toEqual([
      '/etc/policy.yml protects /srv/a, /srv/b.',
    ]);
  });
});
