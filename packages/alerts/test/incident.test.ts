import { describe, expect, it } from 'vitest';
import { hideMachines } from '../src/hide-machines.ts';
import { incidentKey, isKey } from '../src/incident.ts';
import { observe } from './examples.ts';

describe('the key of an incident', () => {
  const identity = { scope: 'octo/app', kind: 'offline', subject: 'big-1' };

  it('is the same in every look and release', () => {
    expect(incidentKey(identity)).toBe('c6c10888d12cfec6e8e90a5fd9719f16');
    expect(incidentKey({ ...identity, scope: 'Octo/App' })).toBe(incidentKey(identity));
    expect(isKey(incidentKey(identity))).toBe(true);
  });

  it.each([
    ['scope', { scope: 'octo/site' }],
    ['kind', { kind: 'ghost' }],
    ['subject', { subject: 'Big-1' }],
  ])('differs with the %s', (_part, change) => {
    expect(incidentKey({ ...identity, ...change })).not.toBe(incidentKey(identity));
  });

  it('does not mix up where one part ends and the next begins', () => {
    const one = incidentKey({ scope: 'a', kind: 'b', subject: 'c' });
    expect(incidentKey({ scope: 'a","b', kind: '', subject: 'c' })).not.toBe(one);
    expect(incidentKey({ scope: 'ab', kind: '', subject: 'c' })).not.toBe(
      incidentKey({ scope: 'a', kind: 'b', subject: 'c' }),
    );
  });
});

describe('names of machines', () => {
  const hidden = (title: string, machines: string[]) =>
    hideMachines(observe('firing', { title, machines })).incident.title;

  it('are replaced in every text', () => {
    const whole = hideMachines(
      observe(
        'firing',
        {
          ...{ title: 'big-1 is off', summary: 'See big-1.', machines: ['big-1'] },
          ...{ labels: { host: 'big-1' }, facts: [['big-1', 'on big-1']] },
          url: 'https://example.com/big-1',
        },
        'BIG-1 was restarted.',
      ),
    );
    expect(JSON.stringify(whole)).not.toMatch(/big-1/i);
    expect(whole.incident).toMatchObject({ title: 'machine 1 is off', url: '' });
  });

  it.each([
    [
      'a name that begins with another one',
      'big-1 and big-12',
      ['big-1', 'big-12'],
      'machine 1 and machine 2',
    ],
    ['another letter case', 'BIG-1.LOCAL', ['big-1'], 'machine 1.LOCAL'],
    ['a name within a word', 'xbig-1x', ['big-1'], 'xmachine 1x'],
    ['no names', 'big-1', [], 'big-1'],
    ['an empty name', 'big-1', [''], 'big-1'],
    ['signs of patterns', 'a.b*c abbc', ['a.b*c'], 'machine 1 abbc'],
  ])('are replaced: %s', (_case, title, machines, expected) => {
    expect(hidden(title, machines)).toBe(expected);
  });

  it('keep a link without a name', () => {
    const { incident } = hideMachines(
      observe('firing', { machines: ['big-1'], url: 'https://example.com/1' }),
    );
    expect(incident.url).toBe('https://example.com/1');
  });
});
