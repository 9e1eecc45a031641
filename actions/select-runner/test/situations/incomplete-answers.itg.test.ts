// GitHub's answers are incomplete, late or contradict each other. What was not seen must not be told as known.
import type { Fleet, FleetRunner } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, runner, select } from '../run-select-runner.ts';
import { past } from './past-jobs.ts';

const organization = {
  name: 'push',
  payload: { repository: { private: true, owner: { type: 'Organization' } } },
};
const user = { name: 'push', payload: { repository: { private: true, owner: { type: 'User' } } } };
const others = (amount: number): FleetRunner[] =>
  Array.from({ length: amount }, (_, index) => runner(index + 1, { labels: ['other'] }));

describe('select-runner: lists that are incomplete', () => {
  it.each<[string, object, RegExp]>([
    [
      'page 2 answers 502',
      { fault: { match: 'runners\\?.*page=2', kind: 'status', status: 502 } },
      /server error/,
    ],
    [
      'GitHub reports 5 runners and lists none',
      { fleet: fleet(), fault: { match: '/app/actions/runners', kind: 'wrong-total', total: 5 } },
      /listed 0 items and reports 5/,
    ],
    [
      'the time is over before the last page',
      { fault: { match: 'runners\\?.*page=2', kind: 'stall' }, with: { deadline: '2s' } },
      /no response before the deadline/,
    ],
  ])('knows nothing about the pool when %s', async (_case, change, message) => {
    const runners = [...others(100), runner(101)];
    const { outputs, annotations } = await select({ fleet: fleet({ runners }), event: user, ...change });
    expect(outputs).toMatchObject({ reason: 'unknown', confidence: 'low', 'is-self-hosted': 'false' });
    expect(annotations[0]?.message).toMatch(message);
  });

  it('finds the only online runner although it moves to a page that was read', async () => {
    const change = (before: Fleet): Fleet => {
      const [app] = before.repositories;
      const runners = app!.runners!.filter(({ id }) => id !== 1);
      return { ...before, repositories: [{ ...app!, runners }] };
    };
    const given = fleet({ runners: [...others(100), runner(101)] });
    const meanwhile = { after: /\/app\/actions\/runners\?.*page=1$/, change };
    const { outputs } = await select({ fleet: given, event: user, meanwhile });
    expect(outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
  });

  it('uses a free runner that it saw, although a later page fails', async () => {
    const { outputs } = await select({
      fleet: fleet({ runners: [runner(200), ...others(120)] }),
      event: user,
      fault: { match: 'runners\\?.*page=2', kind: 'status', status: 502 },
    });
    expect(outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
  });

  it('says which list has no such runner before it asks for more rights', async () => {
    const { annotations } = await select({
      fleet: {
        ...fleet({ runners: others(1) }),
        tokens: { 'admin-token': { permissions: { administration: 'read' } }, 'github-token': {} },
      },
      event: organization,
    });
    expect(annotations[0]?.message).toMatch(
      /in the repository's list, no runner has the labels self-hosted, linux, x64; but .*\/orgs\/octo\/actions\/runner.* 403/,
    );
  });
});

describe('select-runner: runners and jobs that contradict each other', () => {
  const waiting = {
    at: 30,
    job: { status: 'queued' as const, conclusion: null, runner_id: null, runner_name: null },
    run: { status: 'queued', conclusion: null },
  };

  it('does not believe that a runner is idle while a job that fits has been queued for 30 minutes', async () => {
    const { outputs, annotations } = await select({
      fleet: fleet({ ...past(waiting), runners: [runner(1)] }),
    });
    expect(outputs).toMatchObject({ reason: 'unknown', 'is-self-hosted': 'false' });
    expect(annotations[0]?.message).toMatch(
      /lists 1 of 1 online runners as free, but a job .* queued for 30 min/,
    );
  });

  it('takes a runner for busy while a job in progress names it', async () => {
    const working = {
      at: 20,
      job: { status: 'in_progress' as const, runner_id: 1, runner_name: 'secret-name-1' },
      run: { status: 'in_progress' },
    };
    const { outputs } = await select({ fleet: fleet({ ...past(working), runners: [runner(1)] }) });
    expect(outputs).toMatchObject({ reason: 'busy', 'is-self-hosted': 'false' });
  });

  it('is less sure of a free runner when it may not read the jobs', async () => {
    const { outputs } = await select({ fleet: fleet({ runners: [runner(1)] }), with: { token: '' } });
    expect(outputs).toMatchObject({ reason: 'idle', confidence: 'medium' });
  });

  it('reads the jobs of the three newest unfinished runs, and is less sure if there are more', async () => {
    const working = (id: number) => ({
      at: 20 + id,
      job: { status: 'in_progress' as const, labels: ['other'], runner_id: 70 + id, runner_name: `o${id}` },
      run: { status: 'in_progress' },
    });
    const select4 = (count: number) =>
      select({
        fleet: fleet({
          ...past(...[1, 2, 3, 4].slice(0, count).map((id) => working(id))),
          runners: [runner(1)],
        }),
      });
    const [three, four] = [await select4(3), await select4(4)];
    expect(three.outputs).toMatchObject({ reason: 'idle', confidence: 'high' });
    expect(four.outputs).toMatchObject({ reason: 'idle', confidence: 'medium' });
    for (const { requests } of [three, four])
      expect(requests.filter(({ path }) => path.endsWith('/jobs'))).toHaveLength(3);
  });
});

describe('select-runner: runner groups that are restricted to workflows', () => {
  const called = 'octo/shared/.github/workflows/hybrid-job.yml@refs/tags/v1';
  const restricted = (workflow: string) =>
    fleet({
      organization_runners: [runner(1, { runner_group_id: 2 })],
      runner_groups: [
        { id: 1, name: 'Default', visibility: 'all', default: true },
        {
          ...{ id: 2, name: 'build', visibility: 'all', restricted_to_workflows: true },
          selected_workflows: [workflow],
        },
      ],
    });
  const own = 'octo/app/.github/workflows/ci.yml@refs/heads/main';

  it.each([
    ['uses the group of the called file', called, called, 'idle'],
    ['does not use the group of the calling file', own, called, 'group-not-visible'],
    ['knows nothing if the server does not name the file', called, '', 'unknown'],
    [
      'knows nothing if the group names a commit of the called file',
      `${called.split('@')[0]}@${'a'.repeat(40)}`,
      called,
      'unknown',
    ],
  ])('%s', async (_case, selected, file, reason) => {
    const { outputs } = await select({
      fleet: restricted(selected),
      event: organization,
      workflowFile: file,
    });
    expect(outputs).toMatchObject({ reason });
  });

  it('does not use a group of the organization for a file of another organization', async () => {
    const foreign = 'vendor/actions/.github/workflows/hybrid-job.yml@refs/tags/v1';
    const { outputs } = await select({
      fleet: restricted(foreign),
      event: organization,
      workflowFile: foreign,
    });
    expect(outputs).toMatchObject({ reason: 'group-not-visible' });
  });

  it('is less sure of a restricted group while a job waits that it may not let in', async () => {
    const blocked = {
      at: 130,
      job: { status: 'queued' as const, conclusion: null, runner_id: null, runner_name: null },
      run: { status: 'queued', conclusion: null },
    };
    const { outputs } = await select({
      fleet: { ...restricted(own), ...past(blocked) },
      event: organization,
      workflowFile: own,
    });
    expect(outputs).toMatchObject({ reason: 'idle', confidence: 'medium' });
  });

  it('needs the group to allow every file when the jobs are in several', async () => {
    const given = { event: organization, workflowFile: called, with: { 'workflow-files': own } };
    expect((await select({ ...given, fleet: restricted(called) })).outputs).toMatchObject({
      reason: 'group-not-visible',
    });
  });
});

describe('select-runner: runners that are not listed', () => {
  it('uses a pool whose runners are gone after their job, if it took one lately', async () => {
    const arc = [runner(9, { labels: [] })];
    const { outputs } = await select({
      fleet: fleet({ ...past({ at: 8 }), organization_runners: arc }),
      event: organization,
    });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'true', source: 'history', confidence: 'medium' });
  });

  it('is not sure that no runner exists when nobody declared the kind of the pool', async () => {
    const { outputs } = await select({ fleet: fleet(), event: user });
    expect(outputs).toMatchObject({ reason: 'no-match', confidence: 'medium' });
    const config = `pools: { own: { runs-on: [${labels.join(', ')}] } }\n`;
    const declared = await select({ fleet: fleet(), event: user, config });
    expect(declared.outputs).toMatchObject({ reason: 'no-match', confidence: 'high' });
  });

  it('tells a group of the organization from one of the enterprise by the prefix of its name', async () => {
    const given = fleet({ organization_runners: [runner(1, { runner_group_id: 1 })], now: ago(0) });
    const select1 = (group: string) =>
      select({
        fleet: given,
        event: organization,
        config: `pools: { own: { runs-on: { group: ${group}, labels: [self-hosted] } } }\n`,
      });
    expect((await select1('org/Default')).outputs).toMatchObject({ reason: 'idle' });
    expect((await select1('ent/Default')).outputs).toMatchObject({ reason: 'no-match' });
  });
});
