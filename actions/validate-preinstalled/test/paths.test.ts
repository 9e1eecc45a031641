import { describe, expect, it } from 'vitest';
import { expandPath } from '../src/paths.ts';

describe('paths', () => {
  it('takes variables', () => expect(expandPath('$A/${B}C', { A: '/a', B: 'b' })).toBe('/a/bC'));
  it.each(['$NONE/x', '${EMPTY}/x'])('%s is not guessed', (path) =>
    expect(() => expandPath(path, { EMPTY: '' })).toThrow(/not set/),
  );
});
