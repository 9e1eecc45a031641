// Thousands of random worlds with a model of GitHub's dispatch that knows which jobs would start. See docs/testing.md.
import { type Broken, playWorlds, reportOf, seedsOf } from '@runner-actions/testing/dispatch';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { hasWaitingRun, isClearlyDead, playRescue, rescue, rules, stage } from './play.ts';

vi.mock('../../../../packages/github/src/transport.ts', () => ({
  openRequest: async (token: string) => async (route: string, parameters: Record<string, unknown>) =>
    stage.api?.request(token, route, parameters),
}));

const seeds = seedsOf(process.env);
const tally = { dead: 0, rescued: 0 };
let broken = new Map<string, Broken>();

beforeAll(async () => {
  broken = await playWorlds(seeds, async (world) => {
    if (!hasWaitingRun(world)) return [];
    if (isClearlyDead(world)) {
      tally.dead += 1;
      if ((await rescue(world, true)).cancelled.length > 0) tally.rescued += 1;
    }
    return playRescue(world);
  });
}, 600_000);

describe('rescue-queued-jobs in random worlds', () => {
  it.each([
    ['leaves a run that GitHub would start, with a runner-token', rules.disturbed],
    ['leaves a run that GitHub would start, without a runner-token', rules.disturbedByJobs],
    ['leaves a run while a list of runners is cut, fails or contradicts itself', rules.cutList],
  ])('%s', (_, rule) => {
    expect(reportOf(broken.get(rule))).toBeUndefined();
  });

  it.skipIf(seeds.length < 1_000)('rescues the runs of pools that the API shows to be dead', () => {
    expect(tally.dead).toBeGreaterThan(seeds.length / 50);
    expect(tally.rescued).toBeGreaterThan(tally.dead * 0.8);
  });
});
