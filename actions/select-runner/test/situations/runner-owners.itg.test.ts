// Which lists of runners are read (repository, organization, enterprise), and with how many API calls.
import { describe, expect, it } from 'vitest';
import { fleet, labels, runner, select } from '../run-select-runner.ts';

const event = (type: string, more: object = {}) => ({
  name: 'push',
  payload: { repository: { private: true, owner: { type } }, ...more },
});
const lists = (requests: readonly { path: string }[]) =>
  requests.map(({ path }) => path).filter((path) => /runners$|runner-groups$|runs$/.test(path));

describe('select-runner: lists of runners', () => {
  it('reads only the list of the repository when a user owns it', async () => {
    const given = fleet({ owner: { login: 'octo', kind: 'user' }, runners: [runner(1, { busy: true })] });
    const { outputs, requests } = await select({ fleet: given, event: event('User') });
    expect(outputs).toMatchObject({ reason: 'busy', confidence: 'high' });
    expect(lists(requests)).toEqual(['/repos/octo/app/actions/runners']);
  });

  it('reads the groups and the runners of the organization first when an organization owns the repository', async () => {
    const given = fleet({ organization_runners: [runner(1, { runner_group_id: 1 })], runners: [runner(2)] });
    const { outputs, requests } = await select({ fleet: given, event: event('Organization') });
    expect(outputs).toMatchObject({ reason: 'idle', confidence: 'high' });
    expect(lists(requests)).toEqual([
      '/orgs/octo/actions/runner-groups',
      '/orgs/octo/actions/runners',
      '/repos/octo/app/actions/runs',
    ]);
  });

  it('also reads the runners of the repository when those of the organization are not enough', async () => {
    const shared = [runner(1, { runner_group_id: 1, busy: true })];
    const given = fleet({ organization_runners: shared, runners: [runner(2)] });
    expect((await select({ fleet: given, event: event('Organization') })).outputs).toMatchObject({
      reason: 'idle',
    });
  });

  it('reads the runners of the enterprise when nothing else matches and this repository may use their group', async () => {
    const base = fleet({
      enterprise: 'acme',
      enterprise_runners: [runner(7, { runner_group_id: 70 })],
      runner_groups: [
        { id: 1, name: 'Default', visibility: 'all', default: true },
        { id: 3, name: 'Shared', visibility: 'all', inherited: true, enterprise_id: 70 },
        // This group of the organization has the id that the enterprise gives to the other group.
        { id: 70, name: 'private', visibility: 'selected' },
      ],
    });
    const tokens = {
      ...base.tokens,
      boss: {
        permissions: {
          administration: 'read',
          organization_self_hosted_runners: 'read',
          'manage_runners:enterprise': 'read',
        },
      },
    } as typeof base.tokens;
    const given = {
      fleet: { ...base, tokens },
      event: event('Organization', { enterprise: { slug: 'acme' } }),
    };
    const { outputs, requests } = await select({ ...given, with: { 'runner-token': 'boss' } });
    expect(requests.some(({ path }) => path === '/enterprises/acme/actions/runner-groups/70/runners')).toBe(
      true,
    );
    expect(outputs).toMatchObject({ reason: 'idle' });
    const other = await select({ ...given, with: { 'runner-token': 'admin-token' } });
    // The enterprise may have runners, but this token cannot list them: the result is unknown.
    expect(other.outputs).toMatchObject({ reason: 'unknown' });
    const unnamed = await select({
      ...given,
      event: event('Organization'),
      with: { 'runner-token': 'boss' },
    });
    expect(unnamed.outputs).toMatchObject({ reason: 'unknown' });
    expect(unnamed.annotations[0]?.message).toMatch(
      /in the organization's list, no runner has the labels .*group Shared are unknown: the event does not name the enterprise/,
    );
  });

  it('does not read the runners of an enterprise that shares no group', async () => {
    const given = fleet({ enterprise: 'acme', enterprise_runners: [runner(7, { runner_group_id: 3 })] });
    const { outputs, requests } = await select({
      fleet: given,
      event: event('Organization', { enterprise: { slug: 'acme' } }),
    });
    expect(outputs).toMatchObject({ reason: 'no-match', confidence: 'medium' });
    expect(requests.some(({ path }) => path.startsWith('/enterprises/'))).toBe(false);
  });

  it.each([
    ['the payload', { event: event('Organization') }],
    ['GitHub', {}],
  ])(
    'treats a 404 for the runners of an organization as unknown, with the owner known from %s',
    async (_, who) => {
      const { outputs } = await select({
        fleet: fleet(),
        ...who,
        fault: { match: '/orgs/', kind: 'status', status: 404 },
        with: { token: '' },
      });
      expect(outputs).toMatchObject({ reason: 'unknown', 'is-self-hosted': 'false' });
    },
  );

  it('finds the only matching one of 10,000 runners', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      runner(index + 1, { labels: index === 9_999 ? labels : ['x'] }),
    );
    const { outputs, requests } = await select({
      fleet: fleet({ runners: many }),
      event: event('User'),
      with: { deadline: '3m' },
    });
    expect(outputs).toMatchObject({ reason: 'idle' });
    expect(lists(requests).filter((path) => path.endsWith('/runners'))).toHaveLength(100);
  });
});
