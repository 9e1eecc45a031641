// Pools that the configuration declares: their kind says what an empty list of runners proves.
import { describe, expect, it } from 'vitest';
import { fleet, labels, runRescue, stuck, withConfig } from './run-rescue.ts';

const exact = { 'runner-token': 'admin' };
const pool = (kind: string, runsOn = 'self-hosted, Linux') =>
  `pools: { own: { runs-on: [${runsOn}], kind: ${kind} } }\n`;
const repositories = (runners: object[]) =>
  ({ repositories: [{ id: 1, name: 'app', private: true, runners }] }) as object;

describe('rescue-queued-jobs: declared pools', () => {
  it.each([
    ['no runner is registered', []],
    ['a scale set has an online runner without labels', [{ id: 7, name: 'arc', labels: [] }]],
  ])('rescues a run from a pool of kind runners when %s', async (_case, runners) => {
    const given = fleet([stuck(1)], repositories(runners));
    expect((await runRescue(withConfig(given, pool('runners')), exact)).posts).toEqual(['cancel', 'rerun']);
    const unwritten = withConfig(given, 'pools: { own: { runs-on: [self-hosted, Linux] } }\n');
    for (const unsure of [given, unwritten]) {
      const { posts, report } = await runRescue(unsure, exact);
      expect([posts, report?.runs[0]?.reason]).toEqual([[], 'unknown']);
    }
  });

  it.each(['scale-set', 'autoscaled'])(
    'leaves a run in a pool of kind %s, and says that it waits for longer than usual',
    async (kind) => {
      const given = withConfig(fleet([stuck(1)]), pool(kind));
      for (const inputs of [exact, {}]) {
        const { posts, report } = await runRescue(given, inputs);
        expect([posts, report?.runs[0]?.reason]).toEqual([[], 'unknown']);
        expect(report?.runs[0]?.why).toMatch(/own starts runners .* 12 min, which is longer than usual/);
      }
    },
  );

  it('watches the self-hosted pools of the configuration without the input labels', async () => {
    const entry = stuck(1, {}, { labels: ['desk'] });
    const given = fleet([entry], repositories([{ id: 1, name: 'r', labels: ['desk'], status: 'offline' }]));
    const { posts } = await runRescue(withConfig(given, pool('runners', 'desk')), exact);
    expect(posts).toEqual(['cancel', 'rerun']);
    expect((await runRescue(given, exact)).report?.runs).toMatchObject([{ reason: 'other-pool' }]);
  });

  it('leaves every run, and warns, when the configuration cannot be fetched', async () => {
    const given = withConfig(fleet([stuck(1)]), pool('autoscaled'));
    const fault = { match: '/contents/', kind: 'status', status: 403 } as const;
    const { posts, report, annotations } = await runRescue(given, exact, fault);
    expect(posts).toEqual([]);
    expect(report?.runs).toMatchObject([{ reason: 'unknown' }]);
    expect(annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/could not be fetched.* 403 GitHub refused the request/) as string,
      },
    ]);
  });

  it.each([
    ['has an unknown kind', pool('machines'), {}, /pools.own.kind: found 'machines'/],
    [
      'is named and does not exist',
      pool('runners'),
      { config: 'other.yml' },
      /Input 'config' names other.yml/,
    ],
    ['has not the environment', pool('runners'), { environment: 'night' }, /night/],
  ])('fails when the configuration %s', async (_case, config, inputs, message) => {
    const { exitCode, annotations, posts } = await runRescue(withConfig(fleet([stuck(1)]), config), {
      ...exact,
      ...(inputs as Record<string, string>),
    });
    expect([exitCode, posts]).toEqual([1, []]);
    expect(annotations[0]?.message).toMatch(message);
  });

  it('applies the environment of the configuration', async () => {
    const config = `${pool('runners')}environments: { night: { pools: { own: { kind: autoscaled } } } }\n`;
    const given = withConfig(fleet([stuck(1, {}, { labels })]), config);
    const { posts, report } = await runRescue(given, { ...exact, environment: 'night' });
    expect([posts, report?.runs[0]?.reason]).toEqual([[], 'unknown']);
  });
});
