import { expect, it } from 'vitest';
import { saveLine } from '../../src/report/report.ts';

it('points to the warning where a level failed and none has the key', () => {
  const saved = { local: 'off', shared: 'off', github: 'failed', why: 'the key was not found' } as const;
  expect(saveLine(saved, 'k', 1)).toBe('Cache: nothing saved (the warning says why)');
});
