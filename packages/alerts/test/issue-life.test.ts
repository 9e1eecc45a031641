// Situation 26 of report-job-metrics, and the situations 66 to 72 of the fleet.
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../src/policy.ts';
import {
  day,
  hour,
  incident,
  issueActs,
  issuesOf,
  keyOf,
  minute,
  noon,
  observe,
  ownIssue,
  plan,
} from './examples.ts';

const found = (...[change, state]: Parameters<typeof ownIssue>) => issuesOf(ownIssue(change, state));
const gone = (looks: number) => ({
  observations: [observe('recovered')],
  memory: {
    ...{ version: 1 as const, ended: [] },
    incidents: { [keyOf('big-1')]: { goodLooks: looks - 1, seen: noon - hour } },
  },
});
const closed = { state: 'closed', stateReason: 'completed' } as const;

describe('the issue of an incident', () => {
  it.each([
    ['is opened when it has lasted long enough', noon - 30 * minute, ['create']],
    ['is not opened before', noon - 30 * minute + 1, ['too-young']],
  ])('%s', (_case, since, expected) => {
    expect(issueActs({ channels: issuesOf(), observations: [observe('firing', { since })] })).toEqual(
      expected,
    );
  });

  it.each([
    ['gets no comment while nothing is new', { at: noon - 23 * hour }, ['told']],
    ['gets one comment a day', { at: noon - day }, ['reminder']],
    [
      'gets a comment when the severity changes, however soon',
      { at: noon - 1, severity: 'critical' },
      ['changed'],
    ],
  ] as const)('%s', (_case, state, expected) => {
    expect(issueActs({ channels: found({}, state) })).toEqual(expected);
  });

  it('is closed after two good looks, not after one, and not for the lack of news', () => {
    expect(issueActs({ ...gone(1), channels: found() })).toEqual(['needs-another-look']);
    expect(issueActs({ ...gone(2), channels: found() })).toEqual(['close']);
    expect(issueActs({ observations: [observe('unknown')], channels: found() })).toEqual(['unknown']);
    expect(issueActs({ observations: [], channels: found() })).toEqual([]);
  });

  it('counts good looks in a row: a look that sees the incident begins anew, an unknown one changes nothing', () => {
    const looks = (...states: ('firing' | 'recovered' | 'unknown')[]) =>
      states.reduce(
        (memory, state) => plan({ observations: [observe(state)], memory }).memory,
        plan({ observations: [] }).memory,
      ).incidents[keyOf('big-1')]?.goodLooks;
    expect(looks('recovered', 'unknown', 'recovered')).toBe(2);
    expect(looks('recovered', 'firing', 'recovered')).toBe(1);
  });

  it('is opened again within seven days, and later a new one links it', () => {
    const after = (days: number) => {
      const issue = ownIssue({ ...closed, closedAt: noon - days * day }, { closed: true });
      return { channels: issuesOf(issue) };
    };
    expect(issueActs(after(3))).toEqual(['reopen']);
    expect(issueActs(after(8))).toEqual(['create']);
    expect(plan(after(8)).acts).toMatchObject([{ act: { kind: 'create', earlier: 4 } }]);
    const never = { ...defaultPolicy, reopenWithin: 0 };
    expect(issueActs({ ...after(3), policy: never })).toEqual(['create']);
  });

  it('that comes back must last again before it is told', () => {
    const observations = [observe('firing', { since: noon - minute })];
    expect(issueActs({ observations, channels: found(closed, { closed: true }) })).toEqual(['too-young']);
  });
});

describe('an issue that a person closed', () => {
  const notPlanned = { state: 'closed', stateReason: 'not_planned' } as const;

  it('as not planned is silent until a look has found the incident gone', () => {
    expect(issueActs({ channels: found(notPlanned) })).toEqual(['muted']);
    const later = [observe('firing', { since: noon - minute })];
    expect(issueActs({ channels: found(notPlanned), observations: later })).toEqual(['muted']);
    expect(issueActs({ ...gone(1), channels: found(notPlanned) })).toEqual(['not-told-before']);
    expect(issueActs({ ...gone(2), channels: found(notPlanned) })).toEqual(['clear']);
    expect(issueActs({ channels: found(notPlanned, { cleared: true }) })).toEqual(['reopen']);
  });

  it('stays muted however long ago that was', () => {
    expect(issueActs({ channels: found({ ...notPlanned, closedAt: noon - 90 * day }) })).toEqual(['muted']);
  });

  it('as done is silent for this occurrence, and opened again for the next one', () => {
    const channels = found({ ...closed, closedAt: noon - hour });
    expect(issueActs({ channels, observations: [observe('firing', { since: noon - 2 * hour })] })).toEqual([
      'muted',
    ]);
    expect(issueActs({ channels, observations: [observe('firing', { since: noon - 40 * minute })] })).toEqual(
      ['reopen'],
    );
  });

  it('after having opened it again is silent too, although it still says that we had closed it', () => {
    expect(issueActs({ channels: found(notPlanned, { closed: true }) })).toEqual(['muted']);
  });

  it('and a person opened again is open', () => {
    expect(issueActs({ channels: found({}, { closed: true }) })).toEqual(['told']);
  });
});

describe('several issues of one incident', () => {
  it('end as one: the lowest number stays', () => {
    const [first, second] = [ownIssue({ number: 4 }), ownIssue({ number: 9 })];
    const { acts } = plan({ channels: issuesOf(second, first) });
    expect(acts).toMatchObject([
      { act: { kind: 'duplicate', original: 4, target: { issue: { number: 9 } } } },
    ]);
  });

  it('leave the closed duplicate out when the incident comes back', () => {
    const real = ownIssue({ ...closed, number: 4, closedAt: noon - 2 * hour }, { closed: true });
    const copy = ownIssue({ ...closed, number: 9, closedAt: noon - hour }, { closed: true, duplicate: true });
    const { acts } = plan({ channels: issuesOf(real, copy) });
    expect(acts).toMatchObject([{ act: { kind: 'reopen', target: { issue: { number: 4 } } } }]);
  });
});

describe('issues that are not all known', () => {
  it('are not opened a second time when the list of open ones has an end that was not read', () => {
    const seen = { kind: 'read' as const, own: [], isComplete: false };
    expect(issueActs({ channels: { issues: { seen, hidesMachines: false } } })).toEqual(['list-incomplete']);
  });

  it('are left alone when the list cannot be read', () => {
    const seen = { kind: 'unknown' as const, why: '502' };
    expect(issueActs({ channels: { issues: { seen, hidesMachines: false } } })).toEqual(['list-unreadable']);
  });

  it('lose only what was told when, if a person removed the second line of the body', () => {
    expect(issueActs({ channels: found({}, null) })).toEqual(['told']);
    expect(issueActs({ channels: found({ createdAt: noon - 2 * day }, null) })).toEqual(['reminder']);
  });
});

describe('an incident that a broader one covers', () => {
  const parts = { partOf: keyOf('pool') };
  const pool = { ...incident(), key: keyOf('pool') };

  it('is not told while the broader one is seen, and is told without it', () => {
    const both = [observe('firing', parts), { incident: pool, state: 'firing' as const }];
    expect(plan({ observations: both, channels: issuesOf() }).acts).toMatchObject([
      { observation: { incident: { key: keyOf('pool') } } },
    ]);
    const over = [observe('firing', parts), { incident: pool, state: 'recovered' as const }];
    expect(issueActs({ observations: over, channels: issuesOf() })).toEqual(['create', 'not-told-before']);
    expect(
      issueActs({ observations: [observe('firing', { partOf: keyOf('big-1') })], channels: issuesOf() }),
    ).toEqual(['create']);
  });
});
