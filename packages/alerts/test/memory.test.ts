import { describe, expect, it } from 'vitest';
import { emptyMemory, type Memory, readMemory, trimMemory } from '../src/memory.ts';
import { day, keyOf, noon } from './examples.ts';

const open = { state: 'open', severity: 'warning', at: noon, labels: { a: 'b' } } as const;
const memory: Memory = {
  version: 1,
  incidents: {
    [keyOf('a')]: {
      goodLooks: 1,
      seen: noon,
      webhook: open,
      held: { title: 't', severity: 'info', from: noon },
    },
  },
  ended: [{ key: keyOf('b'), title: 't', severity: 'info', from: noon, to: noon }],
  author: { login: 'app[bot]', id: 7 },
};

describe('the memory of what was told', () => {
  it('comes back from JSON as it was', () => {
    expect(readMemory(JSON.stringify(memory))).toEqual({ memory });
  });

  it.each([
    ['is no JSON', '{', /is not JSON/],
    ['has another version', '{"version":2,"incidents":{},"ended":[]}', /form of version 1/],
    ['is a list', '[]', /form of version 1/],
    ['is far too long', `"${'x'.repeat(2 << 20)}"`, /longer than 1 MiB/],
  ])('is empty when it %s, and a warning says so', (_case, json, warning) => {
    const read = readMemory(json);
    expect(read.memory).toEqual(emptyMemory);
    expect(read.warning).toMatch(warning);
  });

  it('loses a wrong incident alone', () => {
    const incidents = { ...memory.incidents, [keyOf('x')]: { goodLooks: -1, seen: noon }, constructor: {} };
    const read = readMemory(JSON.stringify({ ...memory, incidents }));
    expect(read.memory.incidents).toEqual(memory.incidents);
    expect(read.warning).toMatch(/^2 of 3 incidents/);
  });

  it('forgets what has ended long ago, and never what is open', () => {
    const old = { goodLooks: 2, seen: noon - 8 * day };
    const incidents = {
      [keyOf('ended')]: { ...old, webhook: { ...open, state: 'closed' as const } },
      [keyOf('open')]: { ...old, alertmanager: open },
      [keyOf('recent')]: { ...old, seen: noon - 6 * day },
    };
    const { incidents: left } = trimMemory({ ...memory, incidents }, 7 * day, noon);
    expect(Object.keys(left).sort()).toEqual([keyOf('open'), keyOf('recent')].sort());
  });

  it('holds at most 1,000 incidents, those that were seen last', () => {
    const many = Array.from({ length: 1200 }, (_, index) => {
      return [keyOf(`m${index}`), { goodLooks: 0, seen: noon - index }] as const;
    });
    const { incidents } = trimMemory({ ...memory, incidents: Object.fromEntries(many) }, 7 * day, noon);
    expect(Object.keys(incidents)).toHaveLength(1000);
    expect(incidents[keyOf('m0')]).toBeDefined();
    expect(incidents[keyOf('m1100')]).toBeUndefined();
  });
});
