import { describe, expect, it } from 'vitest';
import { printable } from '../src/printable.ts';

describe('printable', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred', String.raw`\x1b[31mred`],
    ['a new line and a carriage return', 'a\r\nb', String.raw`a\x0d\x0ab`],
    ['a bell', 'a\u0007', String.raw`a\x07`],
    ['a control character of eight bits', '\u009b1m', String.raw`\x9b1m`],
    ['a text that is turned around', 'a\u202eb', String.raw`a\u202eb`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
  ])('escapes %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('leaves other text and tabs as they are', () => {
    expect(printable('a\tß → 日本 😀')).toBe('a\tß → 日本 😀');
  });
});
