import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../src/prometheus-text.ts';

describe('readSamples', () => {
  it('parses names, labels, values and timestamps', () => {
    const text =
      '# HELP a b\na 1\nb{x="1",y="a,b}"} 2.5e3 1700000000000\nc{x="q\\"\\\\\\n",} NaN\nd +Inf\n# EOF\n';
    expect(readSamples(text)).toEqual([
      { name: 'a', labels: {}, value: 1, timestamp: undefined },
      { name: 'b', labels: { x: '1', y: 'a,b}' }, value: 2500, timestamp: 1_700_000_000_000 },
      { name: 'c', labels: { x: 'q"\\\n' }, value: Number.NaN, timestamp: undefined },
      { name: 'd', labels: {}, value: Infinity, timestamp: undefined },
    ]);
  });

  it.each(['a', 'a one', '1a 1', 'a{x} 1', 'a{x="1} 1', 'a{x="1"', 'a 0x10', '{} 1'])(
    'skips the invalid line %s',
    (line) => {
      expect(readSamples(`${line}\nb 1\n`)).toEqual([
        { name: 'b', labels: {}, value: 1, timestamp: undefined },
      ]);
    },
  );

  it('skips a last line without a line feed, which may be cut off', () => {
    expect(readSamples('a 1\nb 12').map(({ name }) => name)).toEqual(['a']);
  });

  it('parses every sample that was written in the format', () => {
    const escape = (text: string) =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    const labels = fc.dictionary(fc.stringMatching(/^[a-z_]\w{0,5}$/), fc.string(), { maxKeys: 3 });
    fc.assert(
      fc.property(labels, fc.double(), (given, any) => {
        // The written form of a negative zero is 0.
        const value = any === 0 ? 0 : any;
        const inside = Object.entries(given).map(([name, text]) => `${name}="${escape(text)}"`);
        const number = Number.isNaN(value) ? 'NaN' : String(value).replace('Infinity', 'Inf');
        expect(readSamples(`m{${inside.join(',')}} ${number}\n`)).toEqual([
          { name: 'm', labels: { ...given }, value, timestamp: undefined },
        ]);
      }),
    );
  });

  it('never throws, and reads long lines in linear time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readSamples(text)));
    expect(readSamples(`a ${'1'.repeat(400_000)}x\n`)).toEqual([]);
    expect(readSamples(`a{${'x="1",'.repeat(50_000)}} 1\n`)).toHaveLength(1);
    expect(readSamples(`a{${'"'.repeat(100_000)}\n`)).toEqual([]);
  });
});
