// Thousands of random worlds with a model of GitHub's dispatch that knows which jobs would start. See docs/testing.md.
import { type Broken, playWorlds, reportOf, seedsOf } from '@runner-actions/testing/dispatch';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchMetrics, stage } from './play.ts';
import { breachesOf, rules, selectTwice } from './rules.ts';

vi.mock('../../../../packages/github/src/transport.ts', () => ({
  openRequest: async (token: string) => async (route: string, parameters: Record<string, unknown>) =>
    stage.api?.request(token, route, parameters),
}));

const seeds = seedsOf(process.env);
const tally = { chosen: 0, dead: 0, alive: 0 };
let broken = new Map<string, Broken>();

beforeAll(async () => {
  vi.stubGlobal('fetch', fetchMetrics);
  broken = await playWorlds(seeds, async (world) => {
    const answers = await selectTwice(world);
    if (answers.better.isChosen) tally.chosen += 1;
    if (answers.better.reason === 'offline') tally.dead += 1;
    if (answers.plain.isChosen) tally.alive += 1;
    return breachesOf(world, answers);
  });
  vi.unstubAllGlobals();
}, 600_000);

describe('select-runner in random worlds', () => {
  it.each([
    ['sends no job to a pool where the API shows that GitHub never starts it', rules.neverStarts],
    ['has no high confidence in a pool where GitHub never starts the job', rules.highButDead],
    ['has no high confidence in an idle runner that works or takes no jobs', rules.highButBusy],
    ['has no high confidence in a dead pool after a cut, failed or contradictory list', rules.unknownAsKnown],
    ['has no high confidence in a dead pool where GitHub starts the job', rules.highButAlive],
    [
      'has no high confidence in a dead pool that nobody declared and that starts on demand',
      rules.undeclared,
    ],
    ['takes no living pool for dead only because it has a better token', rules.betterToken],
    ['does not take a machine that boots for a dead one', rules.bootingAsDead],
    ['sends no job to a pool on demand whose maximum the API shows to be used up', rules.overfull],
    ['uses a pool that the API shows to be idle', rules.missed],
  ])('%s', (_, rule) => {
    expect(reportOf(broken.get(rule))).toBeUndefined();
  });

  it.skipIf(seeds.length < 1_000)('meets enough worlds of each kind to notice faults', () => {
    expect(tally.chosen).toBeGreaterThan(seeds.length / 8);
    expect(tally.dead).toBeGreaterThan(seeds.length / 20);
    expect(tally.alive).toBeGreaterThan(seeds.length / 50);
  });
});
