import { expect, it } from 'vitest';
import { saveLine } from '../../src/report/report.ts';

it('saveLine points to the warning when a level failed and no level has the key', () => {
  const saved = { local: 'off', shared: 'off', github: 'failed', why: 'the key was not found' } as const;
  expect(saveLine(saved, 'k', 1)).toBe('Cache: nothing saved (see the warning)');
});
