import { describe, expect, it } from 'vitest';
import {
  buildWorld,
  canUse,
  hasRoom,
  isConsistent,
  type World,
  wouldStart,
} from '../../src/dispatch/index.ts';
import type { Group, Machine, Supply } from '../../src/dispatch/world.ts';

const labels = ['self-hosted', 'Linux'];
const wanted = { labels, group: undefined };
const group: Group = {
  ...{ id: 1, name: 'Build', isInherited: false, visibility: 'all', isSelected: false },
  ...{ allowsPublic: false, workflows: undefined },
};
const machine: Machine = {
  ...{ kind: 'machine', id: 1, name: 'one', scope: 'organization', groupId: 1, labels },
  ...{ state: 'busy', version: '2.330.0', listed: {} },
};
const supply: Supply = {
  ...{ kind: 'on-demand', scope: 'organization', groupId: 1, labels },
  ...{ isAlive: true, isListening: true, max: 1, running: [] },
};
const caller = 'octo/app/.github/workflows/ci.yml@refs/heads/main';
const called = 'octo/shared/.github/workflows/work.yml@refs/heads/main';

const world = (change: Partial<World>): World => ({
  ...buildWorld(1),
  ...{ owner: 'organization', isInEnterprise: false, isPublic: false, groups: [group], supplies: [] },
  ...{ machines: [machine], files: { caller, job: caller } },
  ...change,
});
const withMachine = (change: Partial<Machine>) => world({ machines: [{ ...machine, ...change }] });
const withGroup = (change: Partial<Group>) => world({ groups: [{ ...group, ...change }] });

describe('GitHub starts a job', () => {
  it.each([
    ['when its runner is only busy', withMachine({})],
    ['when the labels differ in case', withMachine({ labels: ['SELF-HOSTED', 'linux', 'x64'] })],
    ['on a runner of the oldest version that gets jobs', withMachine({ version: '2.329.0' })],
    ['on a runner of the repository', withMachine({ scope: 'repository', groupId: undefined })],
    ['on a runner of the enterprise', { ...withGroup({ isInherited: true }), isInEnterprise: true }],
    ['in a group that selects the repository', withGroup({ visibility: 'selected', isSelected: true })],
    ['of a public repository in a group for all', { ...withGroup({ allowsPublic: true }), isPublic: true }],
    [
      'of a called workflow that the group names',
      { ...withGroup({ workflows: [called] }), files: { caller, job: called } },
    ],
    ['on machines that boot on demand', world({ machines: [], supplies: [supply] })],
  ])('%s', (_, given) => {
    expect(wouldStart(given, wanted)).toBe(true);
  });

  it.each(['Build', 'build', 'org/Build'])('in the group that it names as %s', (name) => {
    expect(wouldStart(world({}), { labels: [], group: name })).toBe(true);
  });
});

describe('GitHub never starts a job', () => {
  it.each([
    ['when the runner is offline', withMachine({ state: 'dead' })],
    ['when the runner is hung', withMachine({ state: 'hung' })],
    ['when the runner lacks a label', withMachine({ labels: ['self-hosted'] })],
    ['when the runner is too old', withMachine({ state: 'idle', version: '2.328.9' })],
    ['in a group that selects other repositories', withGroup({ visibility: 'selected' })],
    ['of a public repository in a group for private ones', { ...world({}), isPublic: true }],
    ['when the group allows another workflow file', withGroup({ workflows: [called] })],
    [
      'of a called workflow when the group names only the caller',
      { ...withGroup({ workflows: [caller] }), files: { caller, job: called } },
    ],
    ['when the scale set is dead', world({ machines: [], supplies: [{ ...supply, isAlive: false }] })],
  ])('%s', (_, given) => {
    expect(wouldStart(given, wanted)).toBe(false);
  });

  it.each(['Other', 'ent/Build'])('in the group %s, which has no runner', (name) => {
    expect(wouldStart(world({}), { labels, group: name })).toBe(false);
  });

  it('on a runner of the repository when it names a group', () => {
    const given = withMachine({ scope: 'repository', groupId: undefined });
    expect(wouldStart(given, { labels, group: 'Default' })).toBe(false);
  });
});

describe('a random world', () => {
  it('is the same for the same seed', () => {
    expect(buildWorld(7)).toEqual(buildWorld(7));
  });

  it('has a job for each runner of the repository that is busy', () => {
    for (let seed = 1; seed <= 2_000; seed += 1)
      expect(isConsistent(buildWorld(seed)), `seed ${seed}`).toBe(true);
  });

  it('has no job that waits for an idle runner', () => {
    for (let seed = 1; seed <= 2_000; seed += 1) {
      const given = buildWorld(seed);
      const waiting = given.runs.filter(({ status }) => status === 'queued').flatMap(({ jobs }) => jobs);
      const idle = given.machines.filter(({ state }) => state === 'idle');
      const isInConflict = waiting.some(
        (job) =>
          hasRoom({ ...given, supplies: [] }, job) && idle.some((machine) => canUse(given, machine, job)),
      );
      expect(isInConflict, `seed ${seed}`).toBe(false);
    }
  });
});
