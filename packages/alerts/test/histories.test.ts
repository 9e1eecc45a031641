// Random histories of one incident, over channels that may fail: what must hold whatever happens.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertsOf, toldOf } from '../src/alertmanager.ts';
import { severities } from '../src/incident.ts';
import { emptyMemory, type Memory } from '../src/memory.ts';
import { defaultPolicy, reminderInterval } from '../src/policy.ts';
import { hour, keyOf, minute, noon, observe, plan } from './examples.ts';

const key = keyOf('big-1');
const step = fc.record({
  state: fc.constantFrom('firing', 'firing', 'recovered', 'unknown'),
  severity: fc.constantFrom(...severities),
  wait: fc.integer({ min: 1, max: 40 * 60 }).map((minutes) => minutes * minute),
  isDelivered: fc.boolean(),
});
const quietHours = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' };

interface Message {
  event: string;
  at: number;
  severity: string;
}

/** Plays a history. @returns the delivered messages of the webhook, and what is open in Alertmanager after each look */
function play(steps: (typeof step extends fc.Arbitrary<infer T> ? T : never)[], policy = defaultPolicy) {
  let memory: Memory = emptyMemory;
  let [now, since] = [noon, undefined as number | undefined];
  const messages: Message[] = [];
  const alive = new Map<string, number>();
  for (const { state, severity, wait, isDelivered } of steps) {
    now += wait;
    if (state === 'firing') since ??= now;
    const observations = [observe(state, { severity, since: since ?? now })];
    const channels = { webhook: true, alertmanager: true };
    const made = plan({ observations, memory, now, policy, channels });
    memory = made.memory;
    for (const act of made.acts) {
      if (!isDelivered || 'ended' in act || act.channel === 'issues') continue;
      const before = memory.incidents[key]!;
      if (act.channel === 'webhook') {
        messages.push({ event: act.event, at: now, severity });
        const told = { state: act.event === 'closed' ? 'closed' : 'open', severity, at: now } as const;
        memory = { ...memory, incidents: { [key]: { ...before, webhook: told } } };
        continue;
      }
      for (const { labels, endsAt } of alertsOf(act, { repository: 'o/a', lasts: hour, now }))
        alive.set(JSON.stringify(labels), Date.parse(endsAt));
      const alertmanager = toldOf(act, 'o/a', now);
      memory = { ...memory, incidents: { [key]: { ...before, alertmanager } } };
      const open = [...alive.values()].filter((end) => end > now).length;
      expect(open).toBeLessThanOrEqual(1);
      expect(open).toBe(alertmanager.state === 'open' ? 1 : 0);
    }
    if (state === 'recovered' && (memory.incidents[key]?.goodLooks ?? 0) >= 2) since = undefined;
  }
  return messages;
}

describe('whatever happens to an incident', () => {
  it('the webhook hears of its begin before its end, and of no second begin in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let isOpen = false;
        for (const { event } of play(steps)) {
          expect(isOpen).toBe(!['opened', 'reopened'].includes(event));
          isOpen = event !== 'closed';
        }
      }),
      { numRuns: 300 },
    );
  });

  it('two messages within a day differ in their severity, or are a begin or an end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const messages = play(steps);
        messages.forEach(({ event, at, severity }, index) => {
          const before = messages[index - 1];
          if (event === 'reminder') expect(at - before!.at).toBeGreaterThanOrEqual(reminderInterval);
          if (event === 'changed') expect(severity).not.toBe(before?.severity);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('quiet hours let only critical news pass, and the end of what was critical', () => {
    const hourInBerlin = (at: number): number =>
      Number(new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit' }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const messages = play(steps, { ...defaultPolicy, quietHours });
        messages.forEach(({ event, at, severity }, index) => {
          const isNight = hourInBerlin(at) >= 22 || hourInBerlin(at) < 7;
          const last = event === 'closed' ? messages[index - 1]?.severity : severity;
          if (isNight) expect(last).toBe('critical');
        });
      }),
      { numRuns: 300 },
    );
  });
});
