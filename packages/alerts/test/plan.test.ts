// Situation 26 of report-job-metrics, and the situations 29 and 66 to 72 of the fleet, for all channels.
import { describe, expect, it } from 'vitest';
import { emptyMemory, type Memory, type Told } from '../src/memory.ts';
import { mostMessages } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { day, hour, incident, issuesOf, keyOf, noon, observe, plan } from './examples.ts';

const key = keyOf('big-1');
const all = { ...issuesOf(), webhook: true, alertmanager: true };
const open: Told = { state: 'open', severity: 'warning', at: noon - hour, labels: { severity: 'warning' } };
const remember = (told: Told | undefined, goodLooks = 0): Memory => ({
  ...emptyMemory,
  incidents: {
    [key]: {
      goodLooks,
      seen: noon - hour,
      ...(told === undefined ? {} : { webhook: told, alertmanager: told }),
    },
  },
});
/** Names the acts of a plan: `webhook opened`. */
const names = (...[change]: Parameters<typeof plan>) =>
  plan(change).acts.map((act) => {
    if ('ended' in act) return 'webhook digest';
    return `${act.channel} ${act.channel === 'issues' ? act.act.kind : act.event}`;
  });
const night = Date.parse('2026-03-02T01:00:00Z');
const quiet = { ...defaultPolicy, quietHours: { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' } };

describe('the plan', () => {
  it('tells each channel of a new incident once', () => {
    expect(names({ channels: all })).toEqual(['issues create', 'webhook opened', 'alertmanager opened']);
    const channels = { webhook: true, alertmanager: true };
    expect(names({ channels, memory: remember(open) })).toEqual(['alertmanager repeat']);
  });

  it('uses no channel at all for a fork or an event that may be a stranger’s', () => {
    expect(plan({ channels: all, isTrusted: false })).toEqual({ acts: [], silent: [], memory: emptyMemory });
  });

  it('is the same for the same facts, and changes none of them', () => {
    const request = { channels: all, memory: Object.freeze(remember(open)) };
    expect(plan(request)).toEqual(plan(request));
  });

  it('tells of the end after two good looks, and reopens within the time for it', () => {
    const channels = { webhook: true, alertmanager: true };
    const recovered = { channels, observations: [observe('recovered')] };
    expect(names({ ...recovered, memory: remember(open) })).toEqual(['alertmanager repeat']);
    expect(names({ ...recovered, memory: remember(open, 1) })).toEqual([
      'webhook closed',
      'alertmanager closed',
    ]);
    const ended: Told = { ...open, state: 'closed', at: noon - day };
    expect(names({ channels, memory: remember(ended) })).toEqual([
      'webhook reopened',
      'alertmanager reopened',
    ]);
    const long: Told = { ...ended, at: noon - 8 * day };
    expect(names({ channels, memory: remember(long) })).toEqual(['webhook opened', 'alertmanager opened']);
  });

  it('keeps an alert open in Alertmanager while a look knows nothing', () => {
    const channels = { webhook: true, alertmanager: true };
    const observations = [observe('unknown')];
    expect(names({ channels, observations, memory: remember(open) })).toEqual(['alertmanager repeat']);
    expect(names({ channels, observations })).toEqual([]);
  });

  it('tells of another severity, and once a day that it lasts', () => {
    const channels = { webhook: true, alertmanager: true };
    const critical = [observe('firing', { severity: 'critical' })];
    expect(names({ channels, observations: critical, memory: remember(open) })).toEqual([
      'webhook changed',
      'alertmanager changed',
    ]);
    const old = remember({ ...open, at: noon - day });
    expect(names({ channels, memory: old })).toEqual(['webhook reminder', 'alertmanager repeat']);
  });

  it('tells the most severe first when there are too many, and the rest in the next look', () => {
    const observations = Array.from({ length: 30 }, (_, index) =>
      observe('firing', { key: keyOf(`m${index}`), severity: index === 29 ? 'critical' : 'info' }),
    );
    const { acts, silent } = plan({ observations, channels: { webhook: true } });
    expect(acts).toHaveLength(mostMessages);
    expect(acts[0]).toMatchObject({ observation: { incident: { key: keyOf('m29') } } });
    expect(silent.map(({ why }) => why)).toEqual(Array(10).fill('too-many'));
  });

  it('counts an incident that is named twice once', () => {
    expect(names({ observations: [observe(), observe()], channels: { webhook: true } })).toEqual([
      'webhook opened',
    ]);
  });
});

describe('quiet hours', () => {
  const at = (now: number, change: Parameters<typeof plan>[0] = {}) => ({
    channels: all,
    policy: quiet,
    now,
    observations: [observe('firing', { since: night - hour })],
    ...change,
  });

  it('hold a warning back at two in the night, and a look after seven tells it', () => {
    const held = plan(at(night));
    expect(held.acts).toEqual([]);
    expect(held.silent.map(({ why }) => why)).toEqual(Array(3).fill('quiet-hours'));
    const seven = Date.parse('2026-03-02T06:00:00Z');
    expect(names(at(seven, { memory: held.memory }))).toEqual([
      ...['issues create', 'webhook opened', 'alertmanager opened'],
    ]);
    expect(names(at(seven - 1, { memory: held.memory }))).toEqual([]);
  });

  it('let critical incidents pass', () => {
    const observations = [observe('firing', { since: night - hour, severity: 'critical' })];
    expect(names(at(night, { observations }))).toHaveLength(3);
  });

  it('hold the end of a warning back, and not the one of what was told as critical', () => {
    const observations = [observe('recovered')];
    const channels = { webhook: true };
    expect(names(at(night, { channels, observations, memory: remember(open, 1) }))).toEqual([]);
    const critical = remember({ ...open, severity: 'critical' }, 1);
    expect(names(at(night, { channels, observations, memory: critical }))).toEqual(['webhook closed']);
  });

  it('keep what Alertmanager knows alive, and end it at once: it mutes by rules of its own', () => {
    const channels = { alertmanager: true };
    const firing = [observe('firing', { since: night - day, severity: 'info' })];
    expect(names(at(night, { channels, observations: firing, memory: remember(open) }))).toEqual([
      'alertmanager repeat',
    ]);
    const observations = [observe('recovered')];
    expect(names(at(night, { channels, observations, memory: remember(open, 1) }))).toEqual([
      'alertmanager closed',
    ]);
  });

  it('make one line in the morning of what began and ended in the night', () => {
    const channels = { webhook: true };
    const recovered = [observe('recovered', { since: night - hour })];
    const looks = [at(night, { channels }), at(night + 1, { channels, observations: recovered })];
    let memory = emptyMemory;
    for (const look of [...looks, at(night + 2, { channels, observations: recovered })]) {
      const made = plan({ ...look, memory });
      expect(made.acts).toEqual([]);
      memory = made.memory;
    }
    const { acts } = plan({ channels, policy: quiet, now: noon, memory, observations: [] });
    const { title } = incident();
    expect(acts).toEqual([
      {
        channel: 'webhook',
        ended: [{ key, title, severity: 'warning', from: night - hour, to: night + 2 }],
      },
    ]);
  });
});

describe('a channel that is not used', () => {
  it('has no acts, and its memory stays as it is', () => {
    const { acts, silent, memory } = plan({ memory: remember(open) });
    expect([acts, silent]).toEqual([[], []]);
    expect(memory.incidents[key]?.webhook).toEqual(open);
  });
});
