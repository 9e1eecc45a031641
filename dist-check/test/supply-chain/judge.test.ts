import { describe, expect, it } from 'vitest';
import { judgeAdvisories, judgeAge, judgeSignatures, readCooldown } from '../../supply-chain/judge.ts';

describe('judgeAdvisories', () => {
  const judge = (severity: string, name: string) =>
    judgeAdvisories(
      {
        vulnerabilities: {
          [name]: { via: [{ severity, title: 'T', url: 'U' }] },
          dependent: { via: [name] },
        },
      },
      new Set(['yaml']),
    );

  it.each(['info', 'low', 'moderate', 'high', 'critical'])(
    'reports %s in a package of a bundle',
    (severity) =>
      expect(judge(severity, 'yaml')).toEqual({
        problems: [`yaml (in bundles): ${severity}: T: U`],
        notes: [],
      }),
  );

  it.each(['high', 'critical', 'unheard-of'])('reports %s in a tool', (severity) =>
    expect(judge(severity, 'vite').problems).toEqual([`vite (only in tools): ${severity}: T: U`]),
  );

  it.each(['info', 'low', 'moderate'])('notes %s in a tool', (severity) =>
    expect(judge(severity, 'vite')).toEqual({
      problems: [],
      notes: [`vite (only in tools): ${severity}: T: U`],
    }),
  );

  it('accepts a report without vulnerabilities', () =>
    expect(judgeAdvisories({ vulnerabilities: {} }, new Set())).toEqual({ problems: [], notes: [] }));
});

describe('judgeSignatures', () => {
  it('reports wrong and missing signatures', () => {
    const report = { invalid: [{ name: 'a', version: '1.0.0' }], missing: [{ name: 'b', version: '2.0.0' }] };
    expect(judgeSignatures(report).problems).toEqual([
      'a@1.0.0 has a wrong signature',
      'b@2.0.0 has no signature',
    ]);
    expect(judgeSignatures({ invalid: [], missing: [] }).problems).toEqual([]);
  });
});

describe('judgeAge', () => {
  const now = new Date('2026-01-08T12:00:00Z');
  const judge = (time: string | undefined, excluded: string[] = []) =>
    judgeAge(
      [{ name: 'one', version: '1.0.0' }],
      new Map(time === undefined ? [] : [['one@1.0.0', new Date(time)]]),
      { days: 7, excluded },
      now,
    );

  it('accepts a version that is old enough', () =>
    expect(judge('2026-01-01T12:00:00Z')).toEqual({ problems: [], notes: [] }));

  it('reports a version that is too young, and notes it if the package is excluded', () => {
    const text = 'one@1.0.0 is 6.5 days old, less than 7';
    expect(judge('2026-01-02T00:00:00Z')).toEqual({ problems: [text], notes: [] });
    expect(judge('2026-01-02T00:00:00Z', ['one'])).toEqual({ problems: [], notes: [text] });
  });

  it('reports a version whose age is not known', () => {
    expect(judge(undefined).problems).toHaveLength(1);
    expect(judge('yesterday').problems).toHaveLength(1);
  });
});

describe('readCooldown', () => {
  it('reads the days and the excluded packages', () =>
    expect(
      readCooldown(
        'fund=false\nmin-release-age=3\nmin-release-age-exclude[]=a\nmin-release-age-exclude[]=@b/c\n',
      ),
    ).toEqual({ days: 3, excluded: ['a', '@b/c'] }));

  it.each(['', 'min-release-age=0', 'min-release-age=no', '# min-release-age=7'])("rejects '%s'", (npmrc) =>
    expect(() => readCooldown(npmrc)).toThrow('min-release-age'),
  );
});
