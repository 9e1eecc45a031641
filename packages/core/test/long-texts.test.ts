import { describe, expect, it } from 'vitest';
import { escapeMarkdown, InvalidValue, parseDuration } from '../src/index.ts';

// With a pattern that is slower than linear, each test takes minutes and fails by its timeout.
describe('long untrusted texts', () => {
  it('escapes Markdown with 600,000 blanks in linear time', () => {
    expect(escapeMarkdown(`a${' '.repeat(600_000)}b`)).toMatch(/^a +b$/);
  });

  it('refuses a duration of 600,000 digits in linear time', () => {
    expect(() => parseDuration('1'.repeat(600_000))).toThrow(InvalidValue);
  });
});
