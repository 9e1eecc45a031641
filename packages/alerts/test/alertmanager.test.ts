import { describe, expect, it } from 'vitest';
import { alertLabels, alertsOf, toldOf } from '../src/alertmanager.ts';
import type { Told } from '../src/memory.ts';
import { hour, keyOf, minute, noon, observe } from './examples.ts';

const settings = { repository: 'octo/app', lasts: 45 * minute, now: noon };
const labels = {
  alertname: 'offline',
  severity: 'warning',
  incident: keyOf('big-1'),
  repository: 'octo/app',
};
const told: Told = {
  state: 'open',
  severity: 'info',
  at: noon - hour,
  labels: { ...labels, severity: 'info' },
};
const act = (
  event: Parameters<typeof alertsOf>[0]['event'],
  known?: Told,
  ...[state, change]: Parameters<typeof observe>
) => ({ channel: 'alertmanager', observation: observe(state, change), event, told: known }) as const;

describe('the alert of an incident', () => {
  it('has its labels, texts and times, and ends unless a look repeats it', () => {
    expect(alertsOf(act('opened', undefined, 'firing', { url: 'https://example.com/1' }), settings)).toEqual([
      {
        labels,
        annotations: {
          summary: 'big-1 is offline',
          description: 'GitHub lists it as offline. Start its service.',
        },
        startsAt: '2026-03-02T11:00:00.000Z',
        endsAt: '2026-03-02T12:45:00.000Z',
        generatorURL: 'https://example.com/1',
      },
    ]);
  });

  it('is resolved with the labels that Alertmanager knows', () => {
    const [alert] = alertsOf(act('closed', told, 'recovered', { labels: { new: 'x' } }), settings);
    expect(alert).toMatchObject({ labels: told.labels, endsAt: '2026-03-02T12:00:00.000Z' });
    expect(toldOf(act('closed', told), 'octo/app', noon)).toEqual({
      state: 'closed',
      severity: 'info',
      at: noon,
    });
  });

  it('is another alert with another severity, and the old one is resolved', () => {
    const [old, fresh] = alertsOf(act('changed', told), settings);
    expect(old).toMatchObject({ labels: told.labels, endsAt: '2026-03-02T12:00:00.000Z' });
    expect(fresh).toMatchObject({ labels, endsAt: '2026-03-02T12:45:00.000Z' });
    expect(toldOf(act('changed', told), 'octo/app', noon)).toMatchObject({ severity: 'warning', labels });
  });

  it('is repeated as it is known', () => {
    expect(alertsOf(act('repeat', told), settings)).toMatchObject([{ labels: told.labels }]);
    expect(toldOf(act('repeat', told), 'octo/app', noon)).toEqual(told);
  });

  it('does not begin in the future, whatever a clock says', () => {
    expect(alertsOf(act('opened', undefined, 'firing', { since: noon + hour }), settings)).toMatchObject([
      { startsAt: '2026-03-02T12:00:00.000Z' },
    ]);
  });

  it('links only to a web page', () => {
    const [alert] = alertsOf(act('opened', undefined, 'firing', { url: 'javascript:alert(1)' }), settings);
    expect(alert).not.toHaveProperty('generatorURL');
  });
});

describe('the labels of an alert', () => {
  const of = (given: Record<string, string>) => alertLabels(observe('firing', { labels: given }), 'octo/app');

  it.each([
    ['other signs than Prometheus allows', { 'a.b-c': 'x' }, { a_b_c: 'x' }],
    ['a digit at the start', { '1a': 'x' }, { _1a: 'x' }],
    ['the start of its own names', { __name__: 'x' }, { name__: 'x' }],
    ['no letters', { '': 'x', '--': 'y' }, {}],
    ['an empty value', { a: '' }, {}],
    ['a name that is ours', { severity: 'x', incident: 'y', alertname: 'z', repository: 'r' }, {}],
    ['a value that is too long', { a: 'x'.repeat(300) }, { a: `${'x'.repeat(199)}…` }],
  ])('are valid for %s', (_case, given, expected) => {
    expect(of(given)).toEqual({ ...expected, ...labels });
  });

  it('are at most twenty, and the same in whatever order they are given', () => {
    const names = Array.from({ length: 40 }, (_, index) => [`l${index}`, 'x'] as const);
    expect(Object.keys(of(Object.fromEntries(names)))).toHaveLength(20);
    expect(of(Object.fromEntries(names.toReversed()))).toEqual(of(Object.fromEntries(names)));
  });
});
