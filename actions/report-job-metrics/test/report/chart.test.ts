import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colours, downsample, toMermaid, toSparkline } from '../../src/report/chart.ts';
import { drawChart, mermaidError } from '../mermaid.ts';

const plain = { title: 'CPU', unit: '%', seconds: 10 };

describe('downsample', () => {
  it('keeps the peak, returns at most 60 points, and does not change short lists', () => {
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

describe('toMermaid', () => {
  it('always returns text that Mermaid parses', async () => {
    const series = fc.array(fc.double(), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(series, fc.string(), fc.double(), async (values, title, seconds) => {
        const chart = toMermaid({ title: `t${title}`, unit: '%', lines: [values], seconds });
        expect(chart && (await mermaidError(chart))).toBeUndefined();
      }),
    );
  });

  it('always returns a chart that Mermaid draws, with each line and all axes', async () => {
    const series = fc.array(fc.double(), { minLength: 3, maxLength: 200 });
    const property = fc.asyncProperty(series, fc.string(), fc.double(), async (values, title, seconds) => {
      const chart = toMermaid({ title: `t${title}`, unit: '%', lines: [values, values], seconds });
      if (chart === undefined) return;
      const points = Math.min(60, values.filter(Number.isFinite).length);
      const drawn = await drawChart(chart);
      expect(drawn.lines).toEqual(colours.map(({ value }) => ({ colour: value, points })));
      expect(drawn).toMatchObject({ yTitle: '%', height: 250 });
      expect(drawn.xTitle).toMatch(/^(?:seconds|minutes)$/);
      expect(Math.min(drawn.xLabels.length, drawn.yLabels.length)).toBeGreaterThan(1);
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it('cannot be drawn by Mermaid with a value that is not a number', async () => {
    const chart = toMermaid({ ...plain, lines: [[1, 2, 3]] }) ?? '';
    await expect(drawChart(chart.replace('[1,', '[NaN,'))).rejects.toThrow('Parse error');
  });

  it('returns text that Mermaid parses for any time span', async () => {
    for (const seconds of [Number.NaN, Infinity, -1, 0, 1e-9]) {
      expect(await mermaidError(toMermaid({ ...plain, seconds, lines: [[1, 2, 3]] }) ?? '')).toBeUndefined();
    }
  });

  it.each([Number.NaN, 1e-7, '"a"'])('Mermaid rejects a chart with the value %s', async (value) => {
    const chart = toMermaid({ ...plain, lines: [[1, 2, 3]] }) ?? '';
    expect(await mermaidError(chart)).toBeUndefined();
    expect(await mermaidError(chart.replace('[1,', `[${value},`))).toMatch(/Parse error|Lexical error/);
  });

  it('leaves out values that are not finite, exponents and quotes', () => {
    const chart = toMermaid({ ...plain, title: 'a "b"', lines: [[1e-7, Number.NaN, 0.5, Infinity, 100]] });
    expect(chart?.split('\n').slice(1).join('\n')).toBe(
      'xychart-beta\n    title "a  b"\n    x-axis "seconds" 0 --> 10\n    y-axis "%" 0 --> 100\n    line [0, 0.5, 100]',
    );
  });

  it('draws charts half as high as Mermaid’s default, in colours for light and dark mode', () => {
    const [first = ''] = toMermaid({ ...plain, lines: [[1, 2, 3]] })?.split('\n') ?? [];
    const settings: unknown = JSON.parse(first.slice('%%{init: '.length, -'}%%'.length));
    expect(settings).toMatchObject({
      xyChart: { height: 250 },
      themeVariables: { xyChart: { plotColorPalette: '#1f7ae0, #d9730d' } },
    });
  });

  it('draws a line for each list, on one axis', async () => {
    const lines = [
      [1, 2, 3],
      [0, 9, 0],
    ];
    const chart = toMermaid({ ...plain, lines }) ?? '';
    expect(chart).toContain('y-axis "%" 0 --> 9\n    line [1, 2, 3]\n    line [0, 9, 0]');
    expect(await mermaidError(chart)).toBeUndefined();
    expect(toMermaid({ ...plain, lines: [[1, 2, 3], []] })).toBeUndefined();
  });

  it('uses minutes for a long job, and draws an axis when all values are zero', () => {
    const chart = toMermaid({ ...plain, seconds: 600, lines: [[0, 0, 0]] });
    expect(chart).toContain('x-axis "minutes" 0 --> 10');
    expect(chart).toContain('y-axis "%" 0 --> 1\n');
    // Values that round to 0 would end the axis at 0 too.
    expect(toMermaid({ ...plain, lines: [[0, 0, 1e-9]] })).toContain('y-axis "%" 0 --> 1\n');
  });

  it('returns undefined with fewer than three values', () => {
    expect(toMermaid({ ...plain, lines: [[1, 2, Number.NaN]] })).toBeUndefined();
  });
});

it('toSparkline draws bars from 0 to the top', () => {
  expect(toSparkline([0, 0.5, 1], 1)).toBe('▁▅█');
  expect(toSparkline([0, 0])).toBe('▁▁');
  expect(toSparkline([])).toBe('');
  expect(toSparkline(Array.from({ length: 100 }, (_, index) => index))).toHaveLength(30);
});
