import { describe, expect, it } from 'vitest';
import { escapeMarkdown, InvalidValue, parseDuration } from '../src/index.ts';

// Each takes minutes where a pattern is worse than linear, and then fails by the test's limit.
describe('texts of strangers that are long', () => {
  it('escapes blanks', () => {
    expect(escapeMarkdown(`a${' '.repeat(600_000)}b`)).toMatch(/^a +b$/);
  });

  it('reads digits without a unit', () => {
    expect(() => parseDuration('1'.repeat(600_000))).toThrow(InvalidValue);
  });
});
