import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';

describe('parsers', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
  ])('parses the boolean %s', (text, value) => expect(core.parseBoolean(text)).toBe(value));

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['14d', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5s', 1500],
  ])('parses the duration %s', (text, value) => expect(core.parseDuration(text)).toBe(value));

  it.each([
    ['500MB', 500e6],
    ['20GiB', 20 * 1024 ** 3],
    ['12B', 12],
    ['1.5 KiB', 1536],
    ['1kb', 1000],
  ])('parses the size %s', (text, value) => expect(core.parseBytes(text)).toBe(value));

  it.each([
    ['85%', 0.85],
    ['0%', 0],
    ['100%', 1],
    ['2.5 %', 0.025],
  ])('parses the share %s', (text, value) => expect(core.parseShare(text)).toBeCloseTo(value));

  it.each([
    ['self-hosted , Linux,, X64', ['self-hosted', 'Linux', 'X64']],
    ['a\n b \n', ['a', 'b']],
    ['["a, b", "c "]', ['a, b', 'c']],
    ['-a, -b', ['-a', '-b']],
    ['[]', []],
  ])('parses the list %j', (text, value) => {
    expect(core.parseList(text)).toEqual(value);
    expect(core.parseLabels(text)).toEqual(value);
  });

  it.each([
    ['[self-hosted, linux]', ['self-hosted', 'linux']],
    [`['a b', "c", d,]`, ['a b', 'c', 'd']],
    ['- a\n- "b"\n\n  - c d\n', ['a', 'b', 'c d']],
  ])('parses the YAML list of labels %j', (text, value) => expect(core.parseLabels(text)).toEqual(value));

  it.each([
    ['boolean', () => core.parseBoolean('yes')],
    ['integer', () => core.parseInteger('1e3')],
    ['integer range', () => core.parseInteger('0', { min: 1 })],
    ['duration', () => core.parseDuration('10')],
    ['duration with rest', () => core.parseDuration('5m banana')],
    ['bytes', () => core.parseBytes('20 GiBs')],
    ['bytes without a unit', () => core.parseBytes('100')],
    ['share', () => core.parseShare('120%')],
    ['choice', () => core.parseChoice('off', ['on'] as const)],
    ['list', () => core.parseList('["a", 1]')],
    ['broken list', () => core.parseList('[a')],
    ['list in brackets that may be a glob', () => core.parseList('[ab]')],
    ['broken list of labels', () => core.parseLabels('[a')],
    ['nested list', () => core.parseLabels('[[a], [b]]')],
    ['list of maps', () => core.parseLabels('[{a: b}]')],
    ['list with an open quote', () => core.parseLabels("['a, b]")],
    ['line with a comma in a YAML list', () => core.parseLabels('- a, b\n- c')],
    ['YAML list with a line that is no item', () => core.parseLabels('a\n- b')],
  ])('throws InvalidValue: %s', (_name, parse) => expect(parse).toThrow(core.InvalidValue));

  it('returns a finite number or throws InvalidValue, for any text', () => {
    const parsers = [core.parseInteger, core.parseDuration, core.parseBytes, core.parseShare] as const;
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...parsers), (text, parse) => {
        try {
          expect(Number.isFinite(parse(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(core.InvalidValue);
        }
      }),
    );
  });

  it.each([
    ['gpu box, self-hosted', ['gpu box', 'self-hosted']],
    ['["self-hosted linux"]', ['self-hosted linux']],
    ['linux\nx64', ['linux', 'x64']],
  ])('parses the labels %j', (text, labels) => expect(core.parseLabels(text)).toEqual(labels));

  it.each([
    'self-hosted linux x64',
    'Linux\tgpu',
    'gpu, ubuntu-24.04 big',
    '[self-hosted linux]',
    '- self-hosted x',
  ])('throws InvalidValue with the right form when a comma is missing in the labels %j', (text) =>
    expect(() => core.parseLabels(text)).toThrow(/is not commas between labels: '[\w.-]+(, [\w.-]+)+'/),
  );

  it.each([
    [100, 'reads'],
    [101, 'throws'],
  ])('parseJson with %i levels: %s', (levels, result) => {
    const read = () => core.parseJson('['.repeat(levels) + ']'.repeat(levels));
    if (result === 'reads') expect(read()).toHaveLength(1);
    else expect(read).toThrow(/at most 100 levels/);
  });

  it('reads back every list whose items contain no separators', () => {
    const item = fc
      .string({ minLength: 1 })
      .filter((text) => text.trim() === text && !/[,\n[]|^-\s/.test(text));
    fc.assert(
      fc.property(fc.array(item), (items) => {
        expect(core.parseList(items.join(', '))).toEqual(items);
      }),
    );
  });
});
