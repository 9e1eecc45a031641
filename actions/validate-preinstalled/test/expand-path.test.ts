import { describe, expect, it } from 'vitest';
import { expandPath } from '../src/expand-path.ts';

describe('expandPath', () => {
  it('expands variables', () => expect(expandPath('$A/${B}C', { A: '/a', B: 'b' })).toBe('/a/bC'));
  it.each(['$NONE/x', '${EMPTY}/x'])('throws for %s when the variable is unset or empty', (path) =>
    expect(() => expandPath(path, { EMPTY: '' })).toThrow(/not set/),
  );
});
