import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, toMermaid, toSparkline } from '../src/chart.ts';
import { faultOf } from './mermaid.ts';

const plain = { title: 'CPU', unit: '%', seconds: 10 };

describe('downsampling', () => {
  it('keeps the peak, never has more points, and changes nothing that is short', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 400 }), (values) => {
        const few = downsample(values);
        expect(few.length).toBe(Math.min(60, values.length));
        expect(Math.max(...few)).toBe(Math.max(...values));
      }),
    );
    expect(downsample([3, 1, 2])).toEqual([3, 1, 2]);
  });
});

describe('charts', () => {
  it('are always text that Mermaid parses', async () => {
    const series = fc.array(fc.double(), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(series, fc.string(), fc.double(), async (values, title, seconds) => {
        const chart = toMermaid({ title: `t${title}`, unit: '%', lines: [values], seconds });
        expect(chart && (await faultOf(chart))).toBeUndefined();
      }),
    );
  });

  it('parse whatever the span is', async () => {
    for (const seconds of [Number.NaN, Infinity, -1, 0, 1e-9]) {
      expect(await faultOf(toMermaid({ ...plain, seconds, lines: [[1, 2, 3]] }) ?? '')).toBeUndefined();
    }
  });

  it.each([Number.NaN, 1e-7, '"a"'])('would not parse with %s among the values', async (value) => {
    const chart = toMermaid({ ...plain, lines: [[1, 2, 3]] }) ?? '';
    expect(await faultOf(chart)).toBeUndefined();
    expect(await faultOf(chart.replace('[1,', `[${value},`))).toMatch(/Parse error|Lexical error/);
  });

  it('leave out what is no number, exponents and quotes', () => {
    const chart = toMermaid({ ...plain, title: 'a "b"', lines: [[1e-7, Number.NaN, 0.5, Infinity, 100]] });
    expect(chart?.split('\n').slice(1).join('\n')).toBe(
      'xychart-beta\n    title "a  b"\n    x-axis "seconds" 0 --> 10\n    y-axis "%" 0 --> 100\n    line [0, 0.5, 100]',
    );
  });

  it('are half as high as Mermaid would have them, in colours for light and dark', () => {
    const [first = ''] = toMermaid({ ...plain, lines: [[1, 2, 3]] })?.split('\n') ?? [];
    const settings: unknown = JSON.parse(first.slice('%%{init: '.length, -'}%%'.length));
    expect(settings).toMatchObject({
      xyChart: { height: 250 },
      themeVariables: { xyChart: { plotColorPalette: '#1f7ae0, #d9730d' } },
    });
  });

  it('have a line for each list, on one axis', async () => {
    const lines = [
      [1, 2, 3],
      [0, 9, 0],
    ];
    const chart = toMermaid({ ...plain, lines }) ?? '';
    expect(chart).toContain('y-axis "%" 0 --> 9\n    line [1, 2, 3]\n    line [0, 9, 0]');
    expect(await faultOf(chart)).toBeUndefined();
    expect(toMermaid({ ...plain, lines: [[1, 2, 3], []] })).toBeUndefined();
  });

  it('count minutes in a long job, and have an axis when all is zero', () => {
    const chart = toMermaid({ ...plain, seconds: 600, lines: [[0, 0, 0]] });
    expect(chart).toContain('x-axis "minutes" 0 --> 10');
    expect(chart).toContain('y-axis "%" 0 --> 1\n');
  });

  it('are not drawn from fewer than three values', () => {
    expect(toMermaid({ ...plain, lines: [[1, 2, Number.NaN]] })).toBeUndefined();
  });
});

it('draws sparklines from 0 to the top', () => {
  expect(toSparkline([0, 0.5, 1], 1)).toBe('▁▅█');
  expect(toSparkline([0, 0])).toBe('▁▁');
  expect(toSparkline([])).toBe('');
  expect(toSparkline(Array.from({ length: 100 }, (_, index) => index))).toHaveLength(30);
});
