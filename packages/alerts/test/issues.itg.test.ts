// Situation 26 of report-job-metrics, and the situations 66 to 72 and 104 of the fleet, against the simulator of GitHub.
import type { FleetIssue } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { actOnIssue } from '../src/issue-acts-io.ts';
import { emptyMemory } from '../src/memory.ts';
import { day, hour, keyOf, minute, noon, observe, ownIssue } from './examples.ts';
import { gitHub, label, look } from './set-up.ts';

const stored = (change: Partial<FleetIssue> = {}): FleetIssue => {
  const { title, body } = ownIssue().issue;
  const times = { created_at: '2026-03-02T11:00:00Z', updated_at: '2026-03-02T11:00:00Z' };
  return { number: 4, title, body, labels: [label], ...times, ...change };
};
const states = (issues: readonly FleetIssue[]) => issues.map(({ state = 'open' }) => state);

describe('the issue of an incident', () => {
  it('is one over its whole life: opened, updated, closed with its duration, and opened again', async () => {
    const { simulator, channel, issues, setTime } = await gitHub();
    let memory = emptyMemory;
    const at = async (now: number, state: 'firing' | 'recovered', since = noon - hour, remark?: string) => {
      setTime(now);
      const sent = await look([observe(state, { since }, remark)], { issues: channel }, { memory, now });
      expect(sent.warnings).toEqual([]);
      memory = sent.memory;
    };
    for (const minutes of [0, 15, 30, 45, 60]) await at(noon + minutes * minute, 'firing');
    expect(issues()).toMatchObject([{ number: 1, title: 'big-1 is offline', labels: [label] }]);
    expect(issues()[0]?.comments ?? []).toEqual([]);
    await at(noon + day, 'firing');
    await at(noon + day + hour, 'recovered');
    expect(states(issues())).toEqual(['open']);
    await at(noon + day + 2 * hour, 'recovered', undefined, 'Its service was started.');
    expect(issues()).toMatchObject([{ state: 'closed', state_reason: 'completed' }]);
    await at(noon + 3 * day, 'firing', noon + 3 * day - hour);
    expect(states(issues())).toEqual(['open']);
    expect(issues()[0]?.comments?.map(({ body }) => body.split('\n')[0])).toEqual([
      'It is still **warning**, and has lasted 25 h 0 min.',
      'It has ended after 27 h 0 min.',
      'It is back as **warning**, since 2026-03-05 11:00 UTC.',
    ]);
    expect(issues()[0]?.comments?.[1]?.body).toContain('Its service was started.');
    expect(simulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(4);
  });

  it('links the old one when it comes back too late to open it again', async () => {
    const { channel, issues } = await gitHub();
    await look([observe()], { issues: channel });
    await look(
      [observe('recovered')],
      { issues: channel },
      {
        memory: { ...emptyMemory, incidents: { [keyOf('big-1')]: { goodLooks: 1, seen: noon } } },
      },
    );
    const now = noon + 8 * day;
    await look([observe('firing', { since: now - hour })], { issues: channel }, { now });
    expect(issues()).toMatchObject([{ state: 'closed' }, { body: expect.stringContaining('#1') as string }]);
  });

  it('says the new severity, and gets it into its body', async () => {
    const { channel, issues } = await gitHub();
    await look([observe()], { issues: channel });
    await look([observe('firing', { severity: 'critical' })], { issues: channel }, { now: noon + minute });
    await look(
      [observe('firing', { severity: 'critical' })],
      { issues: channel },
      { now: noon + 2 * minute },
    );
    expect(issues()[0]?.body).toContain('**Critical** since');
    expect(issues()[0]?.comments).toHaveLength(1);
  });

  it('stays closed after a person closed it as not planned, until the incident has ended', async () => {
    const { channel, issues, change } = await gitHub();
    await look([observe()], { issues: channel });
    const times = { closed_at: '2026-03-02T12:01:00Z', updated_at: '2026-03-02T12:01:00Z' };
    change((all) => all.map((one) => ({ ...one, state: 'closed', state_reason: 'not_planned', ...times })));
    let memory = emptyMemory;
    const at = async (state: 'firing' | 'recovered') => {
      ({ memory } = await look([observe(state)], { issues: channel }, { memory, now: noon + 2 * hour }));
    };
    for (const state of ['firing', 'recovered', 'recovered'] as const) {
      await at(state);
      expect(states(issues())).toEqual(['closed']);
    }
    await at('firing');
    expect(states(issues())).toEqual(['open']);
    expect(issues()[0]?.comments).toHaveLength(1);
  });
});

describe('two jobs at once', () => {
  it('end with one issue, the lowest number', async () => {
    const { channel, issues } = await gitHub();
    // Both jobs have looked before one of them writes.
    const act = () => actOnIssue(channel, observe(), { kind: 'create' }, noon);
    const done = await Promise.all([act(), act(), act()]);
    expect(done.map(({ number }) => number)).toEqual([1, 1, 1]);
    expect(states(issues()).filter((state) => state === 'open')).toHaveLength(1);
    expect(issues().find(({ number }) => number === 2)).toMatchObject({
      ...{ state: 'closed', state_reason: 'duplicate', comments: [{ body: 'Duplicate of #1' }] },
    });
  });

  it('that did not see each other leave two, and the next look closes the higher one', async () => {
    const { channel, issues } = await gitHub({ issues: [stored(), stored({ number: 9 })] });
    await look([observe()], { issues: channel });
    expect(states(issues())).toEqual(['open', 'closed']);
    const again = await look([observe()], { issues: channel });
    expect(again.plan.acts).toEqual([]);
  });

  it('close the duplicate with another reason on a server that does not know this one', async () => {
    const { simulator, channel, issues } = await gitHub({ issues: [stored(), stored({ number: 9 })] });
    simulator.fault({ kind: 'status', status: 422, match: /issues\/9$/, times: 1 });
    const { warnings } = await look([observe()], { issues: channel });
    expect(warnings).toEqual([]);
    expect(issues()[1]).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  });
});

describe('a stranger in a public repository', () => {
  it.each([
    ['a user', 'mallory'],
    ['another App', 'renovate[bot]'],
    ['a user whose name only looks like the App’s', 'github-actions'],
  ])('cannot take an incident over with a copied marker: %s', async (_who, user) => {
    const { channel, issues } = await gitHub({ isPublic: true, issues: [stored({ user })] });
    await look([observe()], { issues: channel });
    expect(issues().map(({ number }) => number)).toEqual([4, 5]);
    expect(states(issues())).toEqual(['open', 'open']);
    expect(issues()[0]?.comments).toBeUndefined();
    // Nor can the closed one mute it.
    const closed = stored({
      user,
      state: 'closed',
      state_reason: 'not_planned',
      closed_at: '2026-03-02T11:30:00Z',
    });
    const muted = await gitHub({ isPublic: true, issues: [closed] });
    await look([observe()], { issues: muted.channel });
    expect(muted.issues()).toHaveLength(2);
  });

  it('learns no machine’s name from an issue, and mentions nobody', async () => {
    const { channel, issues } = await gitHub({ isPublic: true });
    const title = 'big-1 is offline @octo/admins';
    await look([observe('firing', { title, summary: '/close big-1', machines: ['big-1'] })], {
      issues: channel,
    });
    expect(JSON.stringify(issues())).not.toMatch(/big-1|@octo/);
    expect(issues()[0]?.title).toContain('machine 1 is offline');
  });
});

describe('the account of the token', () => {
  it('of a user is asked for, and its issues count', async () => {
    const { simulator, channel, issues } = await gitHub({ login: 'ada', issues: [stored({ user: 'ada' })] });
    const { plan } = await look([observe()], { issues: channel });
    expect([plan.acts, issues().length]).toEqual([[], 1]);
    expect(simulator.requests.filter(({ path }) => path === '/user')).toHaveLength(1);
  });

  it('of a job is not asked for while all issues are its own', async () => {
    const { simulator, channel } = await gitHub({ issues: [stored()] });
    await look([observe()], { issues: channel });
    expect(simulator.requests.map(({ path }) => path)).not.toContain('/user');
  });

  it('of an App is known by its name, or from the last issue', async () => {
    const app = { login: 'alerts[bot]', issues: [stored({ user: 'alerts[bot]' })] };
    const named = await gitHub({ ...app, author: 'alerts[bot]' });
    expect((await look([observe()], { issues: named.channel })).plan.acts).toEqual([]);
    // Without both, the second issue is found to be the same, and what was learned serves the next look.
    const unknown = await gitHub(app);
    const { memory } = await look([observe()], { issues: unknown.channel });
    expect(states(unknown.issues())).toEqual(['open', 'closed']);
    const next = await look([observe()], { issues: unknown.channel }, { memory });
    expect(next.plan.acts).toEqual([]);
  });
});

describe('issues that cannot be used', () => {
  it('make a warning that names the permission, and fail nothing', async () => {
    const { channel, issues } = await gitHub({ permission: 'read' });
    const { warnings, done } = await look([observe()], { issues: channel });
    expect(warnings).toEqual([
      expect.stringMatching(/GitHub accepts: issues=write.*Give the job .*'issues: write'/),
    ]);
    expect([done, issues()]).toEqual([[], []]);
  });

  it('are not written when they cannot be read', async () => {
    const { simulator, channel } = await gitHub();
    simulator.fault({ kind: 'status', status: 502, match: /issues/ });
    const { seen, plan } = await look([observe()], { issues: channel });
    expect(seen).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/502/) as string });
    expect(plan.acts).toEqual([]);
  });

  it('are told once in a warning when a repository has none', async () => {
    const { simulator, channel } = await gitHub();
    const fleet = simulator.fleet();
    const repositories = fleet.repositories.map((each) => ({ ...each, has_issues: false }));
    simulator.setFleet({ ...fleet, repositories });
    const two = [observe(), observe('firing', { key: keyOf('b') })];
    const { warnings } = await look(two, { issues: channel });
    expect(warnings).toEqual([expect.stringMatching(/Issues are disabled for this repo/)]);
  });

  it('do not keep others from being told, if only one of them is refused', async () => {
    const { simulator, channel, issues } = await gitHub({ issues: [stored()] });
    simulator.fault({ kind: 'status', status: 404, match: /issues\/4/ });
    const both = [
      observe('firing', { severity: 'critical' }),
      observe('firing', { key: keyOf('b'), title: 'b' }),
    ];
    const { warnings } = await look(both, { issues: channel });
    expect(warnings).toEqual([expect.stringMatching(/issues\/4: 404/)]);
    expect(issues().map(({ title }) => title)).toEqual(['big-1 is offline', 'b']);
  });

  it('without the label would never be found again, so such an issue is closed', async () => {
    const { channel, issues } = await gitHub();
    // GitHub drops the labels of who may not set them, and says nothing.
    const github: typeof channel.github = {
      ...channel.github,
      post: (route, parameters) => channel.github.post(route, { ...parameters, labels: [] }),
    };
    const { warnings } = await look([observe()], { issues: { ...channel, github } });
    expect(warnings).toEqual([
      expect.stringMatching(/did not set the label runner-actions-fleet on issue #1/),
    ]);
    expect(issues()).toMatchObject([{ state: 'closed', state_reason: 'not_planned' }]);
  });
});

describe('a dry run', () => {
  it('makes the same plan, and only reads', async () => {
    const { simulator, channel, issues } = await gitHub();
    const dry = await look([observe()], { issues: channel }, { isDry: true });
    expect(simulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    const real = await look([observe()], { issues: channel });
    expect(real.plan).toEqual(dry.plan);
    expect(issues()).toHaveLength(1);
  });
});
