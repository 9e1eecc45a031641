import { describe, expect, it } from 'vitest';
import { planTable } from '../src/report.ts';
import { issuesOf, keyOf, noon, observe, ownIssue, plan } from './examples.ts';

describe('the table of a plan', () => {
  it('says what is told where, and what is not and why, with a stranger’s words escaped', () => {
    const observations = [
      observe('firing', { title: 'big-1 | @octo' }),
      observe('recovered', { key: keyOf('b'), title: 'b' }),
      observe('unknown', { key: keyOf('c'), title: 'c' }),
    ];
    const channels = { ...issuesOf(ownIssue({}, { severity: 'info' })), webhook: true };
    expect(planTable(observations, plan({ observations, channels }), noon))
      .toBe(`| incident | severity | state | told |
| --- | --- | --- | --- |
| big\\-1 \\| @\u200bocto | warning | firing, for 1 h 0 min | issues: changed; webhook: opened |
| b | warning | gone | issues: had not been told; webhook: had not been told |
| c | warning | unknown, for 1 h 0 min | issues: unknown in this look; webhook: unknown in this look |
`);
  });

  it('says that nothing is told for a stranger’s event', () => {
    expect(planTable([observe()], plan({ isTrusted: false }), noon)).toMatch(/told nowhere/);
  });

  it('is empty when there is nothing to tell', () => {
    expect(planTable([], plan(), noon)).toBe('');
  });
});
